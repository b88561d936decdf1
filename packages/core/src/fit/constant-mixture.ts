import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import { cholesky, solveCholesky } from '../numeric/cholesky.ts'
import { multiply } from '../numeric/gemm.ts'
import type { Matrix } from '../numeric/matrix.ts'

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

interface Problem {
  /** exp(logLikelihood − row maximum) of the rows of positive weight. */
  readonly likelihood: Matrix
  /** Sum to 1. */
  readonly recordWeights: Float64Array
  /** Weighted mean of the row maxima. */
  readonly offset: number
  /** (α_k − 1) / Σ v. */
  readonly pseudoCounts: Float64Array
  /** κ = 1 + Σ pseudoCounts: the multiplier of Σ w = 1. */
  readonly scale: number
}

function prepare(logLikelihood: Matrix, options: ConstantMixtureOptions): Problem {
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

/** f(w) without the offset; fills `gradient` and, where given, the mixture density of each record. */
function evaluate(
  problem: Problem,
  weights: Float64Array,
  gradient: Float64Array,
  densities?: Float64Array,
): number {
  const { likelihood, recordWeights, pseudoCounts } = problem
  const { rows, columns, data } = likelihood
  gradient.fill(0)
  let objective = 0
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    let density = 0
    for (let column = 0; column < columns; column++) {
      density += (weights[column] as number) * (data[start + column] as number)
    }
    if (densities !== undefined) densities[row] = density
    const weight = recordWeights[row] as number
    objective += weight * Math.log(density)
    const factor = weight / density
    for (let column = 0; column < columns; column++) {
      gradient[column] = (gradient[column] as number) + factor * (data[start + column] as number)
    }
  }
  for (let column = 0; column < columns; column++) {
    const count = pseudoCounts[column] as number
    if (count === 0) continue
    objective += count * Math.log(weights[column] as number)
    gradient[column] = (gradient[column] as number) + count / (weights[column] as number)
  }
  return objective
}

function expectationMaximisation(problem: Problem, start: Float64Array, gradient: Float64Array) {
  const weights = start
  for (let pass = 0; pass < expectationMaximisationPasses; pass++) {
    evaluate(problem, weights, gradient)
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

function assess(problem: Problem, weights: Float64Array, gradient: Float64Array) {
  const sum = weights.reduce((a, b) => a + b, 0)
  const normalised = weights.map((weight) => weight / sum)
  const objective = evaluate(problem, normalised, gradient) + problem.offset
  let steepest = -Infinity
  let along = 0
  for (let column = 0; column < gradient.length; column++) {
    const slope = gradient[column] as number
    if (slope > steepest) steepest = slope
    along += slope * (normalised[column] as number)
  }
  return { weights: normalised, objective, gap: Math.max(0, steepest - along) }
}

/** One damped Newton step on the perturbed optimality conditions κ − ∂f − s = 0, w s = μ. Updates `slacks`. */
function interiorPointStep(problem: Problem, weights: Float64Array, slacks: Float64Array): Float64Array {
  const { likelihood, recordWeights, pseudoCounts, scale } = problem
  const { rows, columns, data } = likelihood
  const gradient = new Float64Array(columns)
  const densities = new Float64Array(rows)
  evaluate(problem, weights, gradient, densities)
  const scaled = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const factor = Math.sqrt(recordWeights[row] as number) / (densities[row] as number)
    for (let column = 0; column < columns; column++) {
      scaled[row * columns + column] = factor * (data[row * columns + column] as number)
    }
  }
  const scaledMatrix = { rows, columns, data: scaled }
  const hessian = multiply(scaledMatrix, scaledMatrix, { transposeA: true })
  let complementarity = 0
  for (let column = 0; column < columns; column++) {
    const weight = weights[column] as number
    const slack = slacks[column] as number
    complementarity += weight * slack
    const diagonal = column * columns + column
    hessian.data[diagonal] =
      (hessian.data[diagonal] as number) * (1 + 1e-14) +
      slack / weight +
      (pseudoCounts[column] as number) / weight ** 2
  }
  complementarity /= columns
  const factor = cholesky(hessian)
  const direction = (target: number, correction?: Float64Array): Float64Array =>
    solveCholesky(
      factor,
      gradient.map(
        (slope, column) =>
          slope - scale + (target - (correction?.[column] ?? 0)) / (weights[column] as number),
      ),
    )
  const slackChange = (step: Float64Array, target: number, correction?: Float64Array): Float64Array =>
    slacks.map(
      (slack, column) =>
        (target - (correction?.[column] ?? 0) - slack * (step[column] as number)) /
          (weights[column] as number) -
        slack,
    )
  // Mehrotra's predictor chooses how far to aim down the central path, and his corrector bends towards it.
  const predictor = direction(0)
  const predictorSlacks = slackChange(predictor, 0)
  const reachWeights = longestStep(weights, predictor)
  const reachSlacks = longestStep(slacks, predictorSlacks)
  let aimed = 0
  for (let column = 0; column < columns; column++) {
    aimed +=
      ((weights[column] as number) + reachWeights * (predictor[column] as number)) *
      ((slacks[column] as number) + reachSlacks * (predictorSlacks[column] as number))
  }
  aimed /= columns
  const target = complementarity * Math.min(1, Math.max(aimed / complementarity, 1e-4)) ** 3
  const correction = predictor.map((change, column) => change * (predictorSlacks[column] as number))
  for (const bend of [correction, undefined]) {
    const step = direction(target, bend)
    const changes = slackChange(step, target, bend)
    let length = 0.995 * longestStep(weights, step)
    const accepted = decrease(problem, weights, step, length, target)
    if (bend !== undefined && !accepted) continue
    while (length > 1e-10 && !decrease(problem, weights, step, length, target)) length /= 2
    const slackLength = 0.995 * longestStep(slacks, changes)
    for (let column = 0; column < columns; column++) {
      slacks[column] = (slacks[column] as number) + slackLength * (changes[column] as number)
    }
    return weights.map((weight, column) => weight + length * (step[column] as number))
  }
  return weights
}

/** The largest step ≤ 1 / 0.995 that keeps values + step · changes ≥ 0. */
function longestStep(values: Float64Array, changes: Float64Array): number {
  let longest = 1 / 0.995
  for (let index = 0; index < values.length; index++) {
    const change = changes[index] as number
    if (change < 0) longest = Math.min(longest, -(values[index] as number) / change)
  }
  return longest
}

/** Whether the barrier function −f + κ Σ w − μ Σ log w does not rise (to rounding) over a step. */
function decrease(
  problem: Problem,
  weights: Float64Array,
  step: Float64Array,
  length: number,
  target: number,
): boolean {
  const scratch = new Float64Array(weights.length)
  const merit = (at: Float64Array) =>
    at.reduce(
      (sum, weight) => sum + problem.scale * weight - target * Math.log(weight),
      -evaluate(problem, at, scratch),
    )
  const before = merit(weights)
  const after = merit(weights.map((weight, column) => weight + length * (step[column] as number)))
  return after <= before + 1e-12 * Math.max(1, Math.abs(before))
}
