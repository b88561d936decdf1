import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fitGate } from '../../packages/core/src/fit/fit-gate.ts'
import { createGateObjective, type GateGradient } from '../../packages/core/src/fit/gate-objective.ts'
import { constantGate } from '../../packages/core/src/gate/gate-parameters.ts'
import { availableKernels, type KernelName, kernelName } from '../../packages/core/src/numeric/kernel.ts'
import { normal } from '../../packages/core/src/random/normal.ts'
import { createRandom } from '../../packages/core/src/random/random.ts'
import { syntheticGateProblem, type SyntheticGateProblem } from './synthetic-gate-problem.ts'

/**
 * Seconds per gradient and for the whole fit, and peak memory, of the gate at the paper's size: N = 5,000 records of distinct
 * inputs, K = 100 personas, J = 1,000 exemplars, M = 4 candidates. Each figure comes from a process of its own. Seconds are of
 * processor time, which other work on the machine hardly changes; everything runs on one thread.
 */
const problemOf = (dimension: number): SyntheticGateProblem =>
  syntheticGateProblem({
    records: 5000,
    validationRecords: 500,
    inputs: 5500,
    personas: 100,
    exemplars: 1000,
    dimension,
    pairs: 4,
    seed: 'gate-fit',
  })

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

function secondsPerGradient(dimension: number, d: number, kernel: KernelName, repeats: number): number {
  const problem = problemOf(dimension)
  const random = createRandom('point')
  const { personaOffsets, exemplarOffsets } = problem
  const parameters = constantGate({ d, dPrime: dimension, personaOffsets, exemplarOffsets, temperature: 1 })
  for (const weights of [parameters.wx, parameters.wg, parameters.we]) {
    weights.forEach((_, index) => (weights[index] = (0.5 * normal(random)) / Math.sqrt(d)))
  }
  const like = (values: Float64Array) => new Float64Array(values.length)
  const gradient: GateGradient = {
    wx: like(parameters.wx),
    wg: like(parameters.wg),
    we: like(parameters.we),
    personaOffsets: like(personaOffsets),
    exemplarOffsets: like(exemplarOffsets),
    logTemperatures: like(parameters.logTemperatures),
  }
  const objective = createGateObjective({ ...problem, data: problem.train }, { kernel })
  const regularisation = { projections: 1e-3, temperatures: 0, logTemperature: 0 }
  const seconds = Array.from({ length: repeats + 1 }, () => {
    const start = processorSeconds()
    objective.evaluate(parameters, regularisation, gradient)
    return processorSeconds() - start
  })
  return median(seconds.slice(1))
}

async function wholeFit(dimension: number, d: number) {
  const problem = problemOf(dimension)
  const start = processorSeconds()
  const fitted = await fitGate(problem, { seed: 1, rank: d })
  const seconds = processorSeconds() - start
  const { gradients, chosen, validation, constantValidation } = fitted
  return { seconds, gradients, chosen, gain: validation - constantValidation }
}

const [task, ...values] = process.argv.slice(2)
if (task === 'gradient' || task === 'fit') {
  const [dimension = 0, d = 0, kernel = '', repeats = 0] = [
    Number(values[0]),
    Number(values[1]),
    values[2],
    Number(values[3]),
  ]
  const result =
    task === 'fit'
      ? await wholeFit(dimension, d)
      : { seconds: secondsPerGradient(dimension, d, kernel as KernelName, repeats) }
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({ ...result, peakMegabytes }))
} else {
  const measure = (...args: (string | number)[]) =>
    JSON.parse(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), ...args.map(String)], {
        encoding: 'utf8',
      }),
    )
  const write = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`)
  write(`Node ${process.version}, kernel ${kernelName()}`, '')
  write('| d′ | d | kernel | s per gradient | against plain | peak MB |', '|---|---|---|---|---|---|')
  for (const dimension of [384, 768]) {
    for (const d of [128, 32]) {
      const plain = measure('gradient', dimension, d, 'plain', 2)
      for (const kernel of availableKernels()) {
        const found = kernel === 'plain' ? plain : measure('gradient', dimension, d, kernel, 5)
        const ratio = (plain.seconds / found.seconds).toFixed(1)
        write(
          `| ${dimension} | ${d} | ${kernel} | ${found.seconds.toFixed(3)} | ${ratio} | ${found.peakMegabytes.toFixed(0)} |`,
        )
      }
    }
  }
  write(
    '',
    '| d′ | d | whole fit, s | gradients | chosen | validation gain | peak MB |',
    '|---|---|---|---|---|---|---|',
  )
  for (const dimension of [384, 768]) {
    for (const d of [32, 128]) {
      const { seconds, gradients, chosen, gain, peakMegabytes } = measure('fit', dimension, d)
      write(
        `| ${dimension} | ${d} | ${seconds.toFixed(1)} | ${gradients} | ${chosen} | ${gain.toFixed(3)} | ${peakMegabytes.toFixed(0)} |`,
      )
    }
  }
}
