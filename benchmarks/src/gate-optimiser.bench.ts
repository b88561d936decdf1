import { fitGate } from '../../packages/core/src/fit/fit-gate.ts'
import { createGateObjective, noRegularisation } from '../../packages/core/src/fit/gate-objective.ts'
import { constantPoint, gateAt, pointFunction } from '../../packages/core/src/fit/gate-point.ts'
import { type DifferentiableFunction, minimiseLbfgs } from '../../packages/core/src/numeric/lbfgs.ts'
import { normal } from '../../packages/core/src/random/normal.ts'
import { createRandom } from '../../packages/core/src/random/random.ts'
import { syntheticGateProblem, type SyntheticGateProblem } from './synthetic-gate-problem.ts'

/** L-BFGS against Adam at fixed λ and rank, then the whole path at several ranks: the tables of decisions/2026-11-22-gate-optimiser.md. */
const problems: Readonly<Record<string, SyntheticGateProblem>> = {
  'K = 100, no exemplars, all scored': syntheticGateProblem({
    records: 2000,
    validationRecords: 1000,
    inputs: 3000,
    personas: 100,
    exemplars: 0,
    dimension: 768,
    pairs: 100,
    seed: 'a',
  }),
  'K = 12, J = 100, 24 pairs scored': syntheticGateProblem({
    records: 2000,
    validationRecords: 1000,
    inputs: 3000,
    personas: 12,
    exemplars: 100,
    dimension: 384,
    pairs: 24,
    seed: 'b',
  }),
}

type Watch = (point: Float64Array) => void

function adam(
  evaluate: DifferentiableFunction,
  start: Float64Array,
  rate: number,
  steps: number,
  watch: Watch,
): number {
  const point = start.slice()
  const mean = new Float64Array(point.length)
  const square = new Float64Array(point.length)
  const gradient = new Float64Array(point.length)
  let value = Infinity
  for (let step = 1; step <= steps; step++) {
    value = evaluate(point, gradient)
    gradient.forEach((slope, index) => {
      mean[index] = 0.9 * (mean[index] as number) + 0.1 * slope
      square[index] = 0.999 * (square[index] as number) + 0.001 * slope * slope
      const size = Math.sqrt((square[index] as number) / (1 - 0.999 ** step)) + 1e-8
      point[index] = (point[index] as number) - (rate * (mean[index] as number)) / (1 - 0.9 ** step) / size
    })
    watch(point)
  }
  return value
}

const lines: string[] = []
for (const [name, problem] of Object.entries(problems)) {
  const [d, dPrime] = [32, problem.hx.columns]
  const train = createGateObjective({ ...problem, data: problem.train })
  const validation = createGateObjective({ ...problem, data: problem.validation })
  const test = createGateObjective({ ...problem, data: problem.test })
  const { personaOffsets, exemplarOffsets } = problem
  const layout = { d, dPrime, personaOffsets, exemplarOffsets, logTemperatureRange: [0, 0] as const }
  const judge = (point: Float64Array) =>
    validation.evaluate(gateAt(layout, point), noRegularisation).logLikelihood
  const constant = constantPoint(layout, 0)
  const random = createRandom('start')
  const start = constant.map((value, index) =>
    index < 3 * d * dPrime ? (0.3 * normal(random)) / Math.sqrt(dPrime) : value,
  )
  lines.push('', `${name}; constant gate ${judge(constant).toFixed(3)}`, '')
  lines.push(
    '| λ | optimiser | gradients | penalised objective | best validation (after) | last validation |',
  )
  lines.push('|---|---|---|---|---|---|')
  for (const projections of [3e-3, 1e-3, 0]) {
    const evaluate = pointFunction(layout, train, { projections, temperatures: 0, logTemperature: 0 })
    const optimisers: [string, (count: DifferentiableFunction, watch: Watch) => number][] = [
      [
        'L-BFGS',
        (count, watch) =>
          minimiseLbfgs(count, start, {
            maxIterations: 60,
            valueTolerance: 1e-6,
            onIteration: (_iteration, point) => {
              watch(point)
              return false
            },
          }).value,
      ],
      ...[1e-2, 3e-2].map((rate): (typeof optimisers)[number] => [
        `Adam, rate ${rate}`,
        (count, watch) => adam(count, start, rate, 60, watch),
      ]),
    ]
    for (const [optimiser, run] of optimisers) {
      const best = { value: -Infinity, after: 0 }
      let last = NaN
      let gradients = 0
      const count: DifferentiableFunction = (point, gradient) => {
        gradients++
        return evaluate(point, gradient)
      }
      const reached = run(count, (point) => {
        last = judge(point)
        if (last > best.value) Object.assign(best, { value: last, after: gradients })
      })
      lines.push(
        `| ${projections} | ${optimiser} | ${gradients} | ${(-reached).toFixed(4)} | ${best.value.toFixed(4)} (${best.after}) | ${last.toFixed(4)} |`,
      )
    }
  }
  lines.push('', '| d | gradients | validation | new records |', '|---|---|---|---|')
  for (const rank of [4, 8, 32, 128]) {
    const {
      gradients,
      parameters,
      validation: reached,
    } = await fitGate(problem, {
      seed: 1,
      rank,
      search: 'path',
    })
    const fresh = test.evaluate(parameters, noRegularisation).logLikelihood
    lines.push(`| ${rank} | ${gradients} | ${reached.toFixed(4)} | ${fresh.toFixed(4)} |`)
  }
  lines.push(
    '',
    `new records: constant gate ${test.evaluate(gateAt(layout, constant), noRegularisation).logLikelihood.toFixed(4)}`,
  )
  if (problem.he.rows === 0) lines.push(`new records: true weights ${problem.truth(problem.test).toFixed(4)}`)
}
process.stdout.write(`${lines.join('\n')}\n`)
