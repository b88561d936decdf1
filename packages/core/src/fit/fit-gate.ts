import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { constantGate, type GateParameters } from '../gate/gate-parameters.ts'
import type { KernelName } from '../numeric/kernel.ts'
import { dot } from '../numeric/dot.ts'
import { createRandom } from '../random/random.ts'
import { isClearGain, type RowsOfPerson } from './clear-gain.ts'
import { searchByBatches } from './gate-batches.ts'
import type { GateData } from './gate-data.ts'
import {
  createGateObjective,
  type Encodings,
  type GateObjective,
  type GateRegularisation,
  noRegularisation,
} from './gate-objective.ts'
import { searchAlongPath } from './gate-path.ts'
import { constantPoint, gateAt, type GatePointLayout } from './gate-point.ts'
import type { GatePathStep, GateSearch } from './gate-search.ts'

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
  /** Default `batches` from 2,000 distinct inputs of `train` on where no option of the path is given, else `path`: see `fitGate`. */
  readonly search?: 'path' | 'batches'
  /** λ from strong to weak. Default 0.6, 0.36, … 0.03 of the λ from which the constant gate is optimal. */
  readonly regularisation?: readonly number[]
  /** λ_τ, the pull of log τ_k towards log τ₀. Default 10 / (rows of `train`). */
  readonly temperatureRegularisation?: number
  /** Of the path. 1: from the steepest directions; 2: also from a similarity kernel; more: also from random projections. Default 2. */
  readonly restarts?: number
  /** Iterations for each λ of the path. Default 40. */
  readonly maxIterations?: number
  readonly kernel?: KernelName
  readonly signal?: AbortSignal
  /** Steps of the path done, of those it may take. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface FittedGate {
  readonly parameters: GateParameters
  /** `constant`: no contextual gate was better on the validation records by more than its standard error, and W = 0. */
  readonly chosen: 'constant' | 'contextual'
  /** λ of the chosen gate, 0 where it was found by batches; the largest of the path for the constant one. */
  readonly regularisation: number
  /** Mean log-likelihood of the validation records under the chosen gate, and under the constant one. */
  readonly validation: number
  readonly constantValidation: number
  readonly path: readonly GatePathStep[]
  /** Calls for a gradient over all training records, or as many. */
  readonly gradients: number
}

/** From so many distinct training inputs on a search by batches is the default. */
const manyInputs = 2000

/**
 * Fits W and τ around a given constant gate; the gate with the best mean validation log-likelihood seen in the search is returned, or the
 * constant gate where none is better by more than the standard error of the gain over people. Deterministic given the seed. Lets other
 * work run between the steps of the search.
 *
 * Two searches. `path`: L-BFGS along a path of λ from strong to weak, some 150 gradients over all records
 * (decisions/2026-11-22-gate-optimiser.md). `batches`: Adam on batches of inputs until validation stops it, a few passes over the records, in
 * float32 (decisions/2026-11-25-gate-batches.md). Default `batches` from 2,000 distinct training inputs on, where no option of the path is
 * given; else `path`, which regularises.
 *
 * Throws UnexplainedRecordError as the objective does, and the signal's reason when aborted.
 */
export async function fitGate(problem: GateFitProblem, options: GateFitOptions): Promise<FittedGate> {
  const { hx, hg, he, temperatures, personaOffsets, exemplarOffsets, temperature } = problem
  const dPrime = hx.columns
  const { rank: d = Math.min(32, dPrime), restarts = 2, maxIterations = 40, signal, onProgress } = options
  if (!(Number.isInteger(d) && d >= 1)) {
    throw new InvalidArgumentError({ argument: 'rank', expected: 'a positive integer', found: d })
  }
  const { search: by = defaultSearch(problem.train, options) } = options
  const kernel = options.kernel === undefined ? {} : { kernel: options.kernel }
  const objectiveOf = (data: GateData, single = false) =>
    createGateObjective({ data, hx, hg, he, temperatures }, { ...kernel, single })
  const layout: GatePointLayout = {
    d,
    dPrime,
    personaOffsets,
    exemplarOffsets,
    logTemperatureRange: [Math.log(temperatures[0] ?? 1), Math.log(temperatures.at(-1) ?? 1)],
  }
  const baseline = constantGate({ d, dPrime, personaOffsets, exemplarOffsets, temperature })
  // In one precision until the search is over: the same code runs faster on arrays of one kind.
  const judged = objectiveOf(problem.validation, by === 'batches')
  const path: GatePathStep[] = []
  const search: GateSearch = {
    layout,
    constant: constantPoint(layout, Math.log(temperature)),
    baseline,
    constantValidation: judged.evaluate(baseline, noRegularisation).logLikelihood,
    judge: (point) => judged.evaluate(gateAt(layout, point), noRegularisation).logLikelihood,
    path,
    random: createRandom(options.seed).fork('gate'),
    signal,
    onProgress,
  }
  const regularisation: GateRegularisation = {
    projections: 0,
    temperatures: options.temperatureRegularisation ?? 10 / problem.train.inputs.length,
    logTemperature: Math.log(temperature),
  }
  signal?.throwIfAborted()
  const found =
    by === 'batches'
      ? await searchByBatches(
          search,
          objectiveOf(problem.train, true),
          regularisation,
          typicalNorm([hx, hg, he]),
        )
      : await searchAlongPath(search, objectiveOf(problem.train), regularisation, {
          strengths: options.regularisation,
          restarts,
          maxIterations,
          encodings: [hx, hg, he],
        })
  const validation = objectiveOf(problem.validation)
  const constantValidation = validation.evaluate(baseline, noRegularisation).logLikelihood
  const shared = { path, gradients: found.gradients, constantValidation }
  if (found.point !== undefined) {
    const parameters = gateAt(layout, found.point)
    const reached = validation.evaluate(parameters, noRegularisation).logLikelihood
    const people = problem.people ?? eachRowAPerson(problem.validation)
    if (reached > constantValidation && isClearGain(gainsOver(baseline, parameters, validation), people)) {
      const { regularisation: strength } = found
      return { ...shared, parameters, chosen: 'contextual', validation: reached, regularisation: strength }
    }
  }
  return {
    ...shared,
    parameters: baseline,
    chosen: 'constant',
    validation: constantValidation,
    regularisation: found.strongest,
  }
}

/** Root mean square length of the rows; 1 where all are 0. */
function typicalNorm(encodings: readonly Encodings[]): number {
  const squares = encodings.reduce((sum, { data }) => sum + dot(data, data), 0)
  const rows = encodings.reduce((sum, encoded) => sum + encoded.rows, 0)
  return Math.sqrt(squares / rows) || 1
}

function defaultSearch(train: GateData, options: GateFitOptions): 'path' | 'batches' {
  const { regularisation, restarts, maxIterations } = options
  const ofPath = [regularisation, restarts, maxIterations].some((option) => option !== undefined)
  return ofPath || new Set(train.inputs).size < manyInputs ? 'path' : 'batches'
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
