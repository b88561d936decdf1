import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { constantGate, type GateParameters } from '../gate/gate-parameters.ts'
import type { KernelName } from '../numeric/kernel.ts'
import { createRandom } from '../random/random.ts'
import { isClearGain, type RowsOfPerson } from './clear-gain.ts'
import type { GateData } from './gate-data.ts'
import {
  createGateObjective,
  type Encodings,
  type GateObjective,
  type GateRegularisation,
  noRegularisation,
} from './gate-objective.ts'
import { constantPoint, gateAt, type GatePointLayout, pointFunction } from './gate-point.ts'
import { similarityProjection, spectralStart, type SpectralStart } from './gate-starts.ts'
import { minimiseLbfgs } from '../numeric/lbfgs.ts'

export interface GateFitProblem {
  readonly train: GateData
  /** Chooses λ, restart and iteration. Rows of the same `hx`. */
  readonly validation: GateData
  /** Who said the rows of `validation`: a contextual gate must be better by more than its standard error over people. Default: each row is a person's. */
  readonly people?: readonly RowsOfPerson[] | undefined
  /** h(x) of the distinct inputs, U × d′. */
  readonly hx: Encodings
  /** h(g), K × d′. */
  readonly hg: Encodings
  /** h(e), J × d′. */
  readonly he: Encodings
  /** Grid of the log-likelihoods, ascending. */
  readonly temperatures: readonly number[]
  /** a and b: log-weights of the constant gate to shrink to. */
  readonly personaOffsets: Float64Array
  readonly exemplarOffsets: Float64Array
  /** τ₀ */
  readonly temperature: number
}

export interface GateFitOptions {
  readonly seed: number | string
  /** d. Default min(32, d′). */
  readonly rank?: number
  /** λ from strong to weak. Default 0.6, 0.36, … 0.03 of the λ from which the constant gate is optimal. */
  readonly regularisation?: readonly number[]
  /** λ_τ, the pull of log τ_k towards log τ₀. Default 10 / (rows of `train`). */
  readonly temperatureRegularisation?: number
  /** 1: from the steepest directions; 2: also from a similarity kernel; more: also from random projections. Default 2. */
  readonly restarts?: number
  /** Iterations for each λ. Default 40. */
  readonly maxIterations?: number
  readonly kernel?: KernelName
  readonly signal?: AbortSignal
  /** Steps of the path done, of those it may take. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface GatePathStep {
  readonly restart: number
  readonly regularisation: number
  /** Weighted mean log-likelihood of the training records where the step ended. */
  readonly train: number
  /** Best of the validation records during the step. */
  readonly validation: number
  readonly iterations: number
}

export interface FittedGate {
  readonly parameters: GateParameters
  /** `constant`: no contextual gate was better on the validation records by more than its standard error, and W = 0. */
  readonly chosen: 'constant' | 'contextual'
  /** λ of the chosen gate; the largest of the path for the constant one. */
  readonly regularisation: number
  /** Mean log-likelihood of the validation records under the chosen gate, and under the constant one. */
  readonly validation: number
  readonly constantValidation: number
  readonly path: readonly GatePathStep[]
  /** Calls for a gradient over all training records. */
  readonly gradients: number
}

const defaultFractions = [0.6, 0.36, 0.22, 0.13, 0.08, 0.05, 0.03]
const similarityScales = [1, 3, 10, 30, 100].map(Math.sqrt)
/** A restart's path ends once so many steps have not improved its validation value. */
const stepPatience = 2
const iterationPatience = 8
/** A step ends where an iteration adds less than this fraction of what has been gained over the constant gate. */
const smallestGain = 2e-3

/**
 * Fits W and τ around a given constant gate: L-BFGS along a path of λ from strong (where the constant gate is optimal) to
 * weak with warm starts; the gate with the best mean validation log-likelihood anywhere along it is returned, or the
 * constant gate where none is better by more than the standard error of the gain over people. Deterministic given the seed. Lets other work run between the steps of the path. (decisions/2026-11-22-gate-optimiser.md)
 * Throws UnexplainedRecordError as the objective does, and the signal's reason when aborted.
 */
export async function fitGate(problem: GateFitProblem, options: GateFitOptions): Promise<FittedGate> {
  const { hx, hg, he, temperatures, personaOffsets, exemplarOffsets, temperature } = problem
  const dPrime = hx.columns
  const { rank: d = Math.min(32, dPrime), restarts = 2, maxIterations = 40 } = options
  if (!(Number.isInteger(d) && d >= 1)) {
    throw new InvalidArgumentError({ argument: 'rank', expected: 'a positive integer', found: d })
  }
  const kernel = options.kernel === undefined ? {} : { kernel: options.kernel }
  const objectiveOf = (data: GateData) => createGateObjective({ data, hx, hg, he, temperatures }, kernel)
  const train = objectiveOf(problem.train)
  const validation = objectiveOf(problem.validation)
  const layout: GatePointLayout = {
    d,
    dPrime,
    personaOffsets,
    exemplarOffsets,
    logTemperatureRange: [Math.log(temperatures[0] ?? 1), Math.log(temperatures.at(-1) ?? 1)],
  }
  const baseline = constantGate({ d, dPrime, personaOffsets, exemplarOffsets, temperature })
  const judge = (point: Float64Array): number =>
    validation.evaluate(gateAt(layout, point), noRegularisation).logLikelihood
  const constantValidation = validation.evaluate(baseline, noRegularisation).logLikelihood
  const constantTrain = train.evaluate(baseline, noRegularisation).logLikelihood
  const random = createRandom(options.seed).fork('gate')
  const constant = constantPoint(layout, Math.log(temperature))
  options.signal?.throwIfAborted()
  const spectrum = spectralStart(layout, train, constant, random.fork('spectrum'))
  const strongest = Math.max(1e-12, ...spectrum.eigenvalues)
  const strengths = options.regularisation ?? defaultFractions.map((fraction) => fraction * strongest)
  const temperatureStrength = options.temperatureRegularisation ?? 10 / problem.train.inputs.length
  const best = {
    point: undefined as Float64Array | undefined,
    validation: constantValidation,
    regularisation: 0,
  }
  const path: GatePathStep[] = []
  let gradients = spectralPasses
  let done = 0
  const total = restarts * strengths.length
  for (let restart = 0; restart < restarts; restart++) {
    const start = startOf(restart, { layout, constant, spectrum, train, problem, random })
    let point = start.point
    let bestOfRestart = -Infinity
    let idle = 0
    const from = restart === 0 ? 0 : Math.floor(strengths.length / 3)
    for (const strength of strengths.slice(from)) {
      await breath()
      options.signal?.throwIfAborted()
      const regularisation: GateRegularisation = {
        projections: strength,
        temperatures: temperatureStrength,
        logTemperature: Math.log(temperature),
      }
      if (restart === 0) point = reawaken(point, spectrum, strength, d * dPrime)
      const visit = (at: Float64Array): number => {
        const value = judge(at)
        if (value > best.validation) {
          Object.assign(best, { point: at.slice(), validation: value, regularisation: strength })
        }
        return value
      }
      let bestOfStep = visit(point)
      let worse = 0
      let before = Infinity
      const result = minimiseLbfgs(pointFunction(layout, train, regularisation), point, {
        maxIterations,
        onIteration: (_iteration, at, reached) => {
          options.signal?.throwIfAborted()
          const value = visit(at)
          worse = value > bestOfStep ? 0 : worse + 1
          bestOfStep = Math.max(bestOfStep, value)
          const small = before - reached < smallestGain * Math.max(1e-6, -constantTrain - reached)
          before = reached
          return worse >= iterationPatience || small
        },
      })
      gradients += result.evaluations
      point = result.point
      const reached = gateAt(layout, point)
      path.push({
        restart,
        regularisation: strength,
        train: train.evaluate(reached, noRegularisation).logLikelihood,
        validation: bestOfStep,
        iterations: result.iterations,
      })
      options.onProgress?.(++done, total)
      idle = bestOfStep > bestOfRestart ? 0 : idle + 1
      bestOfRestart = Math.max(bestOfRestart, bestOfStep)
      if (idle >= stepPatience) break
    }
    done = (restart + 1) * strengths.length
    options.onProgress?.(done, total)
  }
  const shared = { path, gradients, constantValidation }
  if (best.point !== undefined) {
    const parameters = gateAt(layout, best.point)
    const people = problem.people ?? eachRowAPerson(problem.validation)
    if (isClearGain(gainsOver(baseline, parameters, validation), people)) {
      const { validation: reached, regularisation } = best
      return { ...shared, parameters, chosen: 'contextual', validation: reached, regularisation }
    }
  }
  return {
    ...shared,
    parameters: baseline,
    chosen: 'constant',
    validation: constantValidation,
    regularisation: Math.max(...strengths),
  }
}

/** Gain of each validation row over the constant gate. */
function gainsOver(
  baseline: GateParameters,
  parameters: GateParameters,
  validation: GateObjective,
): Float64Array {
  const constant = validation.posterior(baseline).logLikelihoods
  return validation
    .posterior(parameters)
    .logLikelihoods.map((value, row) => value - (constant[row] as number))
}

function eachRowAPerson({ inputs, weights }: GateData): readonly RowsOfPerson[] {
  return Array.from(inputs, (_, row) => [{ row, weight: weights?.[row] ?? 1 }])
}

const spectralPasses = 8

interface StartContext {
  readonly layout: GatePointLayout
  readonly constant: Float64Array
  readonly spectrum: SpectralStart
  readonly train: GateObjective
  readonly problem: GateFitProblem
  readonly random: ReturnType<typeof createRandom>
}

/** Where a restart begins; the similarity kernel's and random projections' scale is the best on the training records. */
function startOf(restart: number, context: StartContext): { readonly point: Float64Array } {
  const { layout, constant, train, problem } = context
  if (restart === 0) return { point: constant }
  const { d, dPrime } = layout
  const random = context.random.fork(`restart ${restart}`)
  const encodings = [problem.hx, problem.hg, problem.he].filter(({ rows }) => rows > 0)
  const projection = similarityProjection(encodings, d, random, restart === 1 ? 6 : 0)
  let best = { point: constant, value: -Infinity }
  for (const scale of similarityScales) {
    const point = constant.slice()
    for (let index = 0; index < 3 * d * dPrime; index++) {
      point[index] = scale * (projection[index % (d * dPrime)] as number)
    }
    const value = train.evaluate(gateAt(layout, point), noRegularisation).logLikelihood
    if (value > best.value) best = { point, value }
  }
  return best
}

/** Rows of W that a stronger λ held at zero cannot leave it by themselves: each gets a small step along its direction. */
function reawaken(
  point: Float64Array,
  spectrum: SpectralStart,
  strength: number,
  size: number,
): Float64Array {
  const { eigenvalues, directions } = spectrum
  const woken = point.slice()
  const dPrime = size / eigenvalues.length
  for (let index = 0; index < 3 * size; index++) {
    const eigenvalue = eigenvalues[Math.floor((index % size) / dPrime)] as number
    const step = eigenvalue > strength ? 0.1 : 0
    woken[index] = (woken[index] as number) + step * (directions[index] as number)
  }
  return woken
}

/** Gives timers, input and signals their turn: a step of the path may take seconds. */
function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
