import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { interiorPointStep } from './mixture-interior-point.ts'
import { evaluateMixture, type MixtureProblem } from './mixture-problem.ts'

export interface ConstantMixtureOptions {
  /** One weight ≥ 0 per record, not all zero. Default all 1. */
  readonly weights?: ArrayLike<number> | undefined
  /** Stop once the gap is at most this. Default 1e-9. */
  readonly tolerance?: number
  /** Dirichlet prior: one α ≥ 1 per component, or one for all. Default 1, the maximum likelihood. */
  readonly prior?: number | ArrayLike<number>
  /** Names of the records, for errors. Default their row indices. */
  readonly recordIds?: readonly string[]
  /** Interior-point iterations. Default 200. */
  readonly maxIterations?: number
}

export interface ConstantMixture {
  /** C values. */
  readonly logWeights: Float64Array
  /** On the simplex, all positive. */
  readonly weights: Float64Array
  /** Weighted mean log-likelihood per record (plus the log prior, scaled likewise, where one is given). */
  readonly objective: number
  /** How far `objective` can be below its maximum: max_k ∂_k − Σ_k w_k ∂_k; without prior max_k (1/N) Σ_i L_ik / (Lw)_i − 1. */
  readonly gap: number
  /** Interior-point iterations taken. */
  readonly iterations: number
  /** Whether the gap reached the tolerance. */
  readonly converged: boolean
}

const expectationMaximisationPasses = 8

/**
 * Maximum-likelihood (or MAP) proportions of a mixture of C given components: maximises
 * Σ_i v_i log Σ_k w_k exp(logLikelihood[i, k]) / Σ_i v_i over the simplex, a concave problem.
 *
 * A few EM passes, then a primal–dual interior point on the equivalent problem
 * min −f(w) + κ Σ w over w ≥ 0, whose optimum lies on the simplex by itself (Kim, Carbonetto, Stephens and
 * Anitescu, 2020, use the same reformulation). `logLikelihood` is N × C, −Infinity allowed.
 * Throws UnexplainedRecordError where a record of positive weight is −Infinity throughout,
 * InvalidArgumentError for NaN or +Infinity.
 */
export function solveConstantMixture(
  logLikelihood: Matrix,
  options: ConstantMixtureOptions = {},
): ConstantMixture {
  const { tolerance = 1e-9, maxIterations = 200 } = options
  const problem = prepare(logLikelihood, options)
  const components = logLikelihood.columns
  const gradient = new Float64Array(components)
  let weights = expectationMaximisation(problem, new Float64Array(components).fill(1 / components), gradient)
  let best = assess(problem, weights, gradient)
  const slacks = gradient.map((slope) => Math.max(problem.scale - slope, 1e-3))
  let iterations = 0
  let stalled = 0
  while (best.gap > tolerance && iterations < maxIterations && stalled < 15) {
    iterations++
    weights = interiorPointStep(problem, weights, slacks)
    const current = assess(problem, weights, gradient)
    stalled = current.gap < 0.9 * best.gap ? 0 : stalled + 1
    if (current.gap < best.gap) best = current
  }
  return {
    weights: best.weights,
    logWeights: best.weights.map(Math.log),
    objective: best.objective,
    gap: best.gap,
    iterations,
    converged: best.gap <= tolerance,
  }
}

function prepare(logLikelihood: Matrix, options: ConstantMixtureOptions): MixtureProblem {
  const { rows, columns, data } = logLikelihood
  const given = options.weights
  if (given !== undefined && given.length !== rows) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: `of length ${rows}`,
      found: `length ${given.length}`,
    })
  }
  const likelihood = new Float64Array(rows * columns)
  const recordWeights = new Float64Array(rows)
  let kept = 0
  let total = 0
  let offset = 0
  for (let row = 0; row < rows; row++) {
    const weight = given === undefined ? 1 : (given[row] as number)
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError({
        argument: `weights[${row}]`,
        expected: 'a finite number ≥ 0',
        found: weight,
      })
    }
    if (weight === 0) continue
    let largest = -Infinity
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column] as number
      if (!(value < Infinity)) {
        throw new InvalidArgumentError({
          argument: `logLikelihood[${row}, ${column}]`,
          expected: 'a log-likelihood below Infinity',
          found: value,
        })
      }
      if (value > largest) largest = value
    }
    if (largest === -Infinity) {
      throw new UnexplainedRecordError({
        record: options.recordIds?.[row] ?? String(row),
        candidates: columns,
      })
    }
    for (let column = 0; column < columns; column++) {
      likelihood[kept * columns + column] = Math.exp((data[row * columns + column] as number) - largest)
    }
    recordWeights[kept++] = weight
    total += weight
    offset += weight * largest
  }
  if (kept === 0) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: 'positive somewhere',
      found: 'no record of positive weight',
    })
  }
  const { prior = 1 } = options
  const pseudoCounts = Float64Array.from({ length: columns }, (_, column) => {
    const alpha = typeof prior === 'number' ? prior : (prior[column] as number)
    if (!(alpha >= 1 && alpha < Infinity)) {
      throw new InvalidArgumentError({ argument: `prior[${column}]`, expected: 'at least 1', found: alpha })
    }
    return (alpha - 1) / total
  })
  return {
    likelihood: { rows: kept, columns, data: likelihood.subarray(0, kept * columns) },
    recordWeights: recordWeights.subarray(0, kept).map((weight) => weight / total),
    offset: offset / total,
    pseudoCounts,
    scale: pseudoCounts.reduce((a, b) => a + b, 1),
  }
}

function expectationMaximisation(problem: MixtureProblem, start: Float64Array, gradient: Float64Array) {
  const weights = start
  for (let pass = 0; pass < expectationMaximisationPasses; pass++) {
    evaluateMixture(problem, weights, gradient)
    for (let column = 0; column < weights.length; column++) {
      // Kept off the boundary, from which neither EM nor the interior point returns.
      weights[column] = Math.max(
        ((weights[column] as number) * (gradient[column] as number)) / problem.scale,
        1e-8 / weights.length,
      )
    }
  }
  return weights
}

function assess(problem: MixtureProblem, weights: Float64Array, gradient: Float64Array) {
  const sum = weights.reduce((a, b) => a + b, 0)
  const normalised = weights.map((weight) => weight / sum)
  const objective = evaluateMixture(problem, normalised, gradient) + problem.offset
  let steepest = -Infinity
  let along = 0
  for (let column = 0; column < gradient.length; column++) {
    const slope = gradient[column] as number
    if (slope > steepest) steepest = slope
    along += slope * (normalised[column] as number)
  }
  return { weights: normalised, objective, gap: Math.max(0, steepest - along) }
}
