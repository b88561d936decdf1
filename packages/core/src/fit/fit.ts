import { projectGate } from '../gate/projected-gate.ts'
import { roundGate } from '../gate/round-gate.ts'
import { assertSameHeader, LikelihoodTable } from '../likelihood/likelihood-table.ts'
import { scoreComponents } from '../likelihood/score-components.ts'
import { Mixture } from '../mixture/mixture.ts'
import { addUsage, type Usage } from '../ports/usage.ts'
import { chatTemplate } from '../prompt/prompt-template.ts'
import { createRandom } from '../random/random.ts'
import { shuffle } from '../random/shuffle.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { digestSeen } from '../record/seen-records.ts'
import { attributeTables } from './attribute-tables.ts'
import { type BuiltGateData, buildGateData } from './build-gate-data.ts'
import { CandidateSet } from './candidate-set.ts'
import { checkLengths } from './check-lengths.ts'
import type { RowsOfPerson } from './clear-gain.ts'
import { cluesOf, findAffinity } from './clues.ts'
import {
  anchorComponents,
  anchorProposal,
  bothProposals,
  gatesProposal,
  informedProposal,
  plainProposal,
} from './component-proposals.ts'
import { fitConstantGate } from './fit-constant-gate.ts'
import { indexFitData, itemsOfParts } from './fit-data.ts'
import { fitGate } from './fit-gate.ts'
import type { FitOptions } from './fit-options.ts'
import type { FitReport } from './fit-report.ts'
import { type FitRun, type Guide, type LearnedGate, taskOf } from './fit-run.ts'
import { fitWarnings } from './fit-warnings.ts'
import { judgeHeldOut } from './judge-held-out.ts'
import { personaSizes } from './persona-sizes.ts'
import { type PhaseClock, startPhaseClock } from './phase-clock.ts'
import { planFit } from './plan-fit.ts'
import type { Population } from './prepare-population.ts'
import { designRound } from './round-design.ts'
import { groupOf } from './split-records.ts'

/**
 * Learns a mixture (METHOD section 3): rounds of candidates, drawn from the gate so far and scored by the frozen language
 * model; after each, the constant gate to its optimum and then the contextual gate from all scores so far,
 * shrunk towards it with a strength chosen on the validation part. Figures on the held-out part come from fresh draws.
 *
 * Deterministic given seed, table and scorer. Everything scored is in the table at once: after an error or an
 * abort, the same call with the same table goes on where it stopped and ends with the same result.
 * @throws LikelihoodTableError where `table` was filled by another scorer, template or grid of temperatures.
 * @throws TextTooLongError for records that the model cannot take whole: before anything is scored, where the scorer counts tokens.
 * @throws UnexplainedRecordError for a record that is impossible under all its candidates.
 */
export async function fit(
  population: Population,
  options: FitOptions,
): Promise<{ readonly mixture: Mixture; readonly report: FitReport }> {
  const { encoder, scorer, template = chatTemplate, signal } = options
  const clock = startPhaseClock()
  const plan = await planFit(population, options)
  const header = { scorer: scorer.id, template: template.id, temperatures: plan.temperatures }
  const table = options.table ?? new LikelihoodTable(header)
  assertSameHeader(header, table.header)
  const found = table.size
  const { split, personas, exemplars } = population
  await checkLengths(population, { scorer, template, signal })
  const data = await clock.during('encode', () => indexFitData(split, personas, exemplars, encoder, signal))
  let usage: Usage = data.usage
  const run: FitRun = {
    data,
    plan,
    options,
    table,
    random: createRandom(options.seed).fork('fit'),
    async score(tasks, phase, round) {
      const scored = await scoreComponents({
        tasks,
        personas,
        exemplars,
        names: data.names,
        table,
        scorer,
        template,
        signal,
        idOf: (item) => data.idOfItem.get(item.name),
        onProgress: (done, total) =>
          options.onProgress?.({
            phase,
            done,
            total,
            ...(round === undefined ? {} : { round }),
          }),
      })
      usage = addUsage(usage, scored)
    },
  }
  const bareItems = shuffle(run.random.fork('bare'), itemsOfParts(data, ['train', 'validation']))
    .slice(0, plan.bareItems)
    .toSorted((a, b) => a - b)
  await clock.during('score', () =>
    run.score(
      bareItems.map((item) => taskOf(data, item)),
      'score',
      1,
    ),
  )
  const { learned, guide } = await learnInRounds(run, clock)
  const mixture = new Mixture({
    personas,
    exemplars,
    gate: learned.gate,
    encoder: population.encoder,
    attributes: attributeTables(run, learned),
    provenance: {
      scorer: scorer.id,
      template: template.id,
      records: split.train.length,
      seed: String(options.seed),
      seen: population.seen ?? (await digestSeen([...split.train, ...split.validation])),
    },
  })
  const heldOut = await clock.during('evaluate', () => judgeHeldOut(run, learned, guide, bareItems))
  const sizes = personaSizes(run, learned)
  const { constant, fitted } = learned
  const report: FitReport = {
    records: {
      train: split.train.length,
      validation: split.validation.length,
      heldOut: split.heldOut.length,
    },
    personas: personas.length,
    exemplars: exemplars.length,
    heldOut,
    constant: {
      objective: constant.solution.objective,
      gap: constant.solution.gap,
      iterations: constant.solution.iterations,
      exemplarWeights: constant.exemplarWeights,
    },
    gate: {
      chosen: fitted.chosen,
      rank: learned.parameters.d,
      regularisation: fitted.regularisation,
      path: fitted.path,
    },
    temperatures: [...mixture.temperatures],
    personaSizes: [...sizes.sizes],
    effectivePersonas: sizes.effective,
    usage,
    likelihoods: { total: table.size, found },
    seconds: clock.seconds,
    warnings: fitWarnings(run, learned, sizes.sizes, heldOut),
  }
  return { mixture, report }
}

async function learnInRounds(
  run: FitRun,
  clock: PhaseClock,
): Promise<{ readonly learned: LearnedGate; readonly guide: Guide }> {
  const { data, plan, options, table } = run
  const items = itemsOfParts(data, ['train', 'validation'])
  const candidates = new CandidateSet(
    items,
    items.map((item) => data.items[item]?.name ?? ''),
  )
  const logAffinity = await clock.during('score', () => findAffinity(run))
  const anchors = anchorComponents(logAffinity)
  const clues = cluesOf(run, logAffinity, anchors)
  let proposal = anchorProposal(data, anchors)
  let learned: LearnedGate | undefined
  for (let round = 1; round <= plan.rounds; round += 1) {
    options.signal?.throwIfAborted()
    const random = run.random.fork(`round ${round}`)
    const pairs = round === 1 ? plan.anchors : plan.pairsPerRound
    const { workingSetSize } = plan
    candidates.addRound(
      designRound({ proposal, items, workingSetSize, pairs, random: random.fork('working set') }),
      random,
    )
    const tasks = items.flatMap((item) =>
      candidates.candidatesOf(item).map(({ component }) => taskOf(data, item, component)),
    )
    await clock.during('score', () => run.score(tasks, 'score', round))
    const plain = plainProposal(data)
    // The anchors alone say little about exemplars: where there are some, learning starts with the second round.
    if (round === 1 && plan.rounds > 1 && data.exemplars.length > 0) {
      proposal = informedProposal(data, clues, plain)
      continue
    }
    learned = await clock.during('learn', () =>
      learn(
        run,
        buildGateData(data, 'train', candidates, table),
        buildGateData(data, 'validation', candidates, table),
        round,
      ),
    )
    proposal = informedProposal(data, clues, bothProposals(plain, gatesProposal(data, [learned.gate])))
  }
  return { learned: learned as LearnedGate, guide: { anchors, clues } }
}

async function learn(
  run: FitRun,
  train: BuiltGateData,
  validation: BuiltGateData,
  round: number,
): Promise<LearnedGate> {
  const { data, options, table } = run
  const { temperatures } = table.header
  const constant = fitConstantGate(train, validation, {
    personas: data.personas.length,
    exemplars: data.exemplars.length,
    temperatures,
  })
  const { hx, hg, he } = data
  const fitted = await fitGate(
    {
      train,
      validation,
      people: peopleOf(data, validation),
      hx,
      hg,
      he,
      temperatures,
      personaOffsets: constant.personaOffsets,
      exemplarOffsets: constant.exemplarOffsets,
      temperature: constant.temperature,
    },
    {
      seed: `${options.seed}`,
      // Records that say the same are one row of `train`, but as many observations as they are.
      temperatureRegularisation: 10 / data.partOfRecord.filter((part) => part === 'train').length,
      ...(options.rank === undefined ? {} : { rank: options.rank }),
      ...(options.regularisation === undefined ? {} : { regularisation: options.regularisation }),
      ...(options.restarts === undefined ? {} : { restarts: options.restarts }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (done, total) => options.onProgress?.({ phase: 'learn', round, done, total }),
    },
  )
  const gate = roundGate(projectGate(fitted.parameters, hg, he))
  return { parameters: fitted.parameters, gate, constant, fitted, train }
}

/** The rows of each respondent. */
function peopleOf(data: FitRun['data'], { records }: BuiltGateData): readonly RowsOfPerson[] {
  const said = records.flatMap((theirs, row) => theirs.map((record) => ({ row, record })))
  const byPerson = Map.groupBy(said, ({ record }) => groupOf(data.records[record] as PopulationRecord))
  return [...byPerson.values()].map((theirs) =>
    theirs.map(({ row, record }) => ({ row, weight: data.weightOfRecord[record] as number })),
  )
}
