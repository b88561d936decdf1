import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { logComponentWeights } from '../gate/log-component-weights.ts'
import { type ProjectedGate, projectInput } from '../gate/projected-gate.ts'
import { roundGate } from '../gate/round-gate.ts'
import { rowOf } from '../numeric/matrix.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { bestTemperature } from './best-temperature.ts'
import { scoreOf } from './build-gate-data.ts'
import { anchorProposal, gatesProposal, informedProposal } from './component-proposals.ts'
import {
  type Arm,
  type ArmEstimates,
  estimateArm,
  estimateBare,
  figureOf,
  type HeldOutRecords,
} from './evaluate-held-out.ts'
import { type FitData, itemsOfParts } from './fit-data.ts'
import type { FitReport, HeldOutGain } from './fit-report.ts'
import { type FitRun, type Guide, type LearnedGate, taskOf } from './fit-run.ts'
import { drawForHeldOut } from './held-out-draws.ts'
import { heldOutGain } from './held-out-gain.ts'
import { designRound } from './round-design.ts'
import { groupOf } from './split-records.ts'
import { temperatureInterpolation } from './temperature-interpolation.ts'

/**
 * The figures on the held-out part. Each item is scored under the anchors, then under components drawn where the anchors
 * and the three gates that are judged say it is likely: with known inclusion probabilities, so that one set of scores serves all of
 * them without bias in p. Every way has its own best temperature.
 */
export async function judgeHeldOut(
  run: FitRun,
  learned: LearnedGate,
  guide: Guide,
  bareItems: readonly number[],
): Promise<FitReport['heldOut']> {
  const { data, plan, table } = run
  const gates = {
    uniform: constantProjectedGate(learned.gate, undefined, learned.constant.uniformTemperature),
    constant: constantProjectedGate(learned.gate, learned.constant, learned.constant.temperature),
    mixture: learned.gate,
  }
  const { anchors, clues } = guide
  const items = itemsOfParts(data, ['heldOut'])
  const anchorDesign = designRound({
    proposal: anchorProposal(data, anchors),
    items,
    workingSetSize: anchors.length,
    pairs: plan.anchors,
    random: run.random.fork('held-out anchors'),
  })
  const anchorTasks = items.flatMap((item) =>
    anchorDesign
      .drawFor(item, run.random.fork(`anchors of ${data.items[item]?.name}`))
      .map(({ component }) => taskOf(data, item, component)),
  )
  await run.score([...items.map((item) => taskOf(data, item)), ...anchorTasks], 'evaluate')
  const draws = drawForHeldOut(data, {
    proposal: informedProposal(data, clues, gatesProposal(data, Object.values(gates))),
    certain: plan.anchors === anchors.length ? [...anchors] : [],
    pairs: plan.heldOutPairs,
    workingSetSize: plan.workingSetSize,
    random: run.random.fork('held-out'),
  })
  const tasks = items.flatMap((item) => {
    const components = new Set(
      draws.flatMap((drawn) => (drawn.get(item) ?? []).map(({ component }) => component)),
    )
    return Array.from(components, (component) => taskOf(data, item, component))
  })
  await run.score(tasks, 'evaluate')

  const heldOut = heldOutRecords(run)
  const weightOfItem = new Map<number, number>()
  for (const [record, part] of data.partOfRecord.entries()) {
    if (part === 'heldOut') continue
    const item = data.itemOfRecord[record] as number
    weightOfItem.set(item, (weightOfItem.get(item) ?? 0) + (data.weightOfRecord[record] as number))
  }
  const bareTemperature = bestTemperature(table.header.temperatures, (logTemperature) =>
    bareItems.reduce((sum, item) => {
      const weight = weightOfItem.get(item) ?? 0
      if (weight === 0) return sum
      const interpolation = temperatureInterpolation(
        table.header.temperatures,
        scoreOf(data, table, item, -1, -1),
      )
      return sum + weight * interpolation.value(0, interpolation.at(logTemperature))
    }, 0),
  )
  const bare: ArmEstimates = {
    all: estimateBare(data, table, heldOut.records, bareTemperature),
    leaveOneOut: [],
  }
  const estimates = {
    uniform: estimateArm(armOf(gates.uniform, data), data, draws, table, heldOut),
    constant: estimateArm(armOf(gates.constant, data), data, draws, table, heldOut),
    mixture: estimateArm(armOf(gates.mixture, data), data, draws, table, heldOut),
  }
  const clusters = heldOut.records.map((record) => groupOf(data.records[record] as PopulationRecord))
  const gain = (over: ArmEstimates, name: string): HeldOutGain =>
    heldOutGain(
      estimates.mixture.all.map((value, index) => value - (over.all[index] as number)),
      heldOut.weights,
      clusters,
      run.random.fork(`bootstrap over ${name}`),
    )
  const meanLogTemperature =
    learned.gate.logTemperatures.reduce((sum, value) => sum + value, 0) / learned.gate.logTemperatures.length
  return {
    bare: figureOf(bare, heldOut, bareTemperature),
    uniform: figureOf(estimates.uniform, heldOut, learned.constant.uniformTemperature),
    constant: figureOf(estimates.constant, heldOut, learned.constant.temperature),
    mixture: figureOf(estimates.mixture, heldOut, Math.exp(meanLogTemperature)),
    gainOver: {
      bare: gain(bare, 'bare'),
      uniform: gain(estimates.uniform, 'uniform'),
      constant: gain(estimates.constant, 'constant'),
    },
    componentsPerRecord: plan.heldOutPairs,
  }
}

/** Records of positive weight of the held-out part that have an exemplar left under their mask. */
function heldOutRecords({ data, table }: FitRun): HeldOutRecords {
  const records = data.partOfRecord.flatMap((part, record) => {
    const maskedAll = data.exemplars.length > 0 && data.maskOfRecord[record]?.length === data.exemplars.length
    return part === 'heldOut' && !maskedAll && (data.weightOfRecord[record] as number) > 0 ? [record] : []
  })
  if (records.length === 0) {
    throw new InvalidArgumentError({
      argument: 'split.heldOut',
      expected: 'records of positive weight that some exemplar may explain',
      found: 'none',
    })
  }
  return {
    records,
    weights: Float64Array.from(records, (record) => data.weightOfRecord[record] as number),
    tokens: Float64Array.from(records, (record) => {
      const item = data.items[data.itemOfRecord[record] as number] as FitData['items'][number]
      return table.tokens(item.name, data.names.name(-1, -1)) ?? 0
    }),
  }
}

function armOf(gate: ProjectedGate, data: FitData): Arm {
  let last: { input: number; logWeights: Float64Array } | undefined
  return {
    logTemperatures: gate.logTemperatures,
    logWeights(input, masked) {
      if (masked.length === 0 && last?.input === input) return last.logWeights
      const logWeights = logComponentWeights(gate, projectInput(gate, rowOf(data.hx, input)), masked)
      if (masked.length === 0) last = { input, logWeights }
      return logWeights
    },
  }
}

/** The gate without its projections: the given constant weights, or equal ones. */
function constantProjectedGate(
  gate: ProjectedGate,
  weights: { readonly personaOffsets: Float64Array; readonly exemplarOffsets: Float64Array } | undefined,
  temperature: number,
): ProjectedGate {
  const empty = (rows: number): ProjectedGate['personas'] => ({ rows, columns: 0, data: new Float64Array(0) })
  // Rounded like the mixture: where the mixture is the constant gate, the two are equal to the last bit.
  return roundGate({
    d: 0,
    dPrime: gate.dPrime,
    wx: new Float64Array(0),
    personas: empty(gate.personas.rows),
    exemplars: empty(gate.exemplars.rows),
    personaOffsets: weights?.personaOffsets ?? new Float64Array(gate.personas.rows),
    exemplarOffsets: weights?.exemplarOffsets ?? new Float64Array(gate.exemplars.rows),
    logTemperatures: new Float64Array(gate.personas.rows).fill(Math.log(temperature)),
  })
}
