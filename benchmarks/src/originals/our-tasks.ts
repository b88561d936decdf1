import { createRandom, kMeans } from '@mop/core'
import { frechetDistance, klCosine, mauve } from '@mop/eval'
import { solveConstantMixture } from '../../../packages/core/src/fit/constant-mixture.ts'
import { fitGate } from '../../../packages/core/src/fit/fit-gate.ts'
import {
  createGateObjective,
  type GateGradient,
  noRegularisation,
} from '../../../packages/core/src/fit/gate-objective.ts'
import { gateAt } from '../../../packages/core/src/fit/gate-point.ts'
import { type ArrayFiles, readArray, readMatrix, sizeOf } from './array-files.ts'
import { readGateProblem } from './gate-files.ts'
import { median } from './ratio-table.ts'
import { type Elapsed, stopwatch } from './stopwatch.ts'

export interface TaskResult {
  readonly value: number
  /** What the harness checks: labels, weights, a gradient. */
  readonly vector?: ArrayLike<number>
  /** Where it is not simply how long the work took. */
  readonly seconds?: number
  readonly processor?: number
  readonly note?: string
}

/** Reads what it needs, which is not counted; what it returns is. */
type Task = (files: ArrayFiles) => () => TaskResult | Promise<TaskResult>

/** Our side of each row. */
export const ourTasks: Readonly<Record<string, Task>> = {
  fid: (files) => {
    const { real, simulated } = samples(files)
    return () => ({ value: frechetDistance(real, simulated) })
  },
  kl: (files) => {
    const { real, simulated } = samples(files)
    return () => ({ value: klCosine(real, simulated) })
  },
  kmeans: (files) => {
    const { real } = samples(files)
    const clusters = sizeOf(files, 'clusters')
    return () => ({
      value: kMeans(real, clusters, { random: createRandom('k-means'), restarts: 1 }).inertia,
    })
  },
  mauve: (files) => {
    const { real, simulated } = samples(files)
    return () => {
      const { mauve: value, quantisation } = mauve(real, simulated, { random: createRandom('mauve') })
      const vector = [...quantisation.real, ...quantisation.simulated]
      return { value, vector, note: `${quantisation.components} components` }
    }
  },
  'constant-mixture': (files) => {
    const columns = sizeOf(files, 'components')
    const data = readArray(files, 'log-likelihood.f64')
    return () => {
      const solved = solveConstantMixture({ rows: data.length / columns, columns, data }, { tolerance: 1e-6 })
      return { value: solved.objective, vector: solved.weights, note: `${solved.iterations} Newton steps` }
    }
  },
  'gate-step': gateStep,
  'gate-fit': gateFit,
}

function samples(files: ArrayFiles) {
  const columns = sizeOf(files, 'columns')
  return {
    real: readMatrix(files, 'real.f32', columns),
    simulated: readMatrix(files, 'simulated.f32', columns),
  }
}

/** One gradient over all training records: the median of five after one that warms up. */
function gateStep(files: ArrayFiles): () => TaskResult {
  const problem = readGateProblem(files)
  const { personaOffsets, exemplarOffsets } = problem
  const [d, dPrime] = [sizeOf(files, 'rank'), sizeOf(files, 'dimension')]
  const objective = createGateObjective({ ...problem, data: problem.train })
  const layout = { d, dPrime, personaOffsets, exemplarOffsets, logTemperatureRange: [0, 0] as const }
  const point = readArray(files, 'point.f64')
  const parameters = gateAt(layout, Float64Array.from([...point, ...personaOffsets]))
  const slopes = new Float64Array(point.length)
  const size = d * dPrime
  const gradient: GateGradient = {
    wx: slopes.subarray(0, size),
    wg: slopes.subarray(size, 2 * size),
    we: slopes.subarray(2 * size),
    personaOffsets: new Float64Array(personaOffsets.length),
    exemplarOffsets: new Float64Array(exemplarOffsets.length),
    logTemperatures: new Float64Array(parameters.logTemperatures.length),
  }
  return () => {
    let value = NaN
    const times = Array.from({ length: 6 }, () => {
      const since = stopwatch()
      value = objective.evaluate(parameters, noRegularisation, gradient).logLikelihood
      return since()
    }).slice(1)
    const [seconds, processor] = [
      median(times.map((time) => time.seconds)),
      median(times.map((time) => time.processor)),
    ]
    return { value, vector: slopes, seconds, processor }
  }
}

/**
 * The whole fit with its defaults. `seconds` is the time until the step of its path was over in which the best held-out value was reached;
 * the vector holds, of each step, the seconds at its end and the best held-out value so far.
 */
function gateFit(files: ArrayFiles): () => Promise<TaskResult> {
  const problem = readGateProblem(files)
  return async () => {
    const since = stopwatch()
    const calls: Elapsed[] = []
    const fitted = await fitGate(problem, { seed: 1, onProgress: () => calls.push(since()) })
    const total = since()
    let best = -Infinity
    const reached = fitted.path.map(({ validation, restart }, step) => {
      best = Math.max(best, validation)
      // Each restart ends with a call more, which says only that it is over.
      return [calls[step + restart] as Elapsed, best] as const
    })
    const first = reached.find(([, value]) => value === best)
    const test = createGateObjective({ ...problem, data: problem.test })
    const fresh = test.evaluate(fitted.parameters, noRegularisation).logLikelihood
    return {
      value: best,
      vector: reached.flatMap(([{ seconds }, value]) => [seconds, value]),
      ...(first?.[0] ?? total),
      note: `whole fit ${total.seconds.toFixed(1)} s, ${fitted.gradients} gradients, ${fitted.chosen}, constant gate ${fitted.constantValidation.toFixed(4)}, new records ${fresh.toFixed(4)}`,
    }
  }
}
