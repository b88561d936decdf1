import { type KernelName, kernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { evaluateMixture, mixtureHessian, type Stride } from './mixture-derivatives.ts'
import { maximiseModel } from './mixture-interior-point.ts'
import { mixtureProblem, type MixtureProblem } from './mixture-problem.ts'

export interface ConstantMixtureOptions {
  /** One weight ≥ 0 per record, not all zero. Default all 1. */
  readonly weights?: ArrayLike<number> | undefined
  /** Stop once the gap is at most this. Default 1e-9. */
  readonly tolerance?: number
  /** Dirichlet prior: one α ≥ 1 per component, or one for all. Default 1, the maximum likelihood. */
  readonly prior?: number | ArrayLike<number>
  /** Names of the records, for errors. Default their row indices. */
  readonly recordIds?: readonly string[]
  /** Newton steps. Default 200. */
  readonly maxIterations?: number
  /** Default the fastest this engine can run; `plain` where the one asked for cannot run. */
  readonly kernel?: KernelName
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
  /** Newton steps taken, on some of the records or on all. */
  readonly iterations: number
  /** Whether the gap reached the tolerance. */
  readonly converged: boolean
}

const expectationMaximisationPasses = 8
/** Where it leaves enough rows, the first problem is one block of rows in so many. */
const sampleStride = 8
const fewestSampled = 4096
/** To what gap that is solved: its optimum is farther than this from the whole one's. */
const roughTolerance = 3e-3
/** A Hessian, which costs as much as nine gradients, serves for further steps while they leave at most this part of the residual. */
const reuseBelow = 0.3
/** Rounding of the objective. */
const rounding = 1e-12

/**
 * Maximum-likelihood (or MAP) proportions of a mixture of C given components: maximises
 * Σ_i v_i log Σ_k w_k exp(logLikelihood[i, k]) / Σ_i v_i over the simplex, a concave problem.
 *
 * A few EM passes, then sequential quadratic programming on the equivalent problem min −f(w) + κ Σ w over w ≥ 0, whose optimum lies on the
 * simplex by itself (Kim, Carbonetto, Stephens and Anitescu, 2020, solve the same one so): each quadratic model is maximised by an interior
 * point. From 32,768 records on, an eighth of them is solved first, and the rest starts from there. Only the gap over all records and
 * components ends it. `logLikelihood` is N × C, −Infinity allowed; of it one float64 copy is made.
 * Throws UnexplainedRecordError where a record of positive weight is −Infinity throughout,
 * InvalidArgumentError for NaN or +Infinity.
 */
export function solveConstantMixture(
  logLikelihood: Matrix,
  options: ConstantMixtureOptions = {},
): ConstantMixture {
  const { tolerance = 1e-9, maxIterations = 200, kernel = kernelName() } = options
  const problem = mixtureProblem(logLikelihood, { ...options, kernel })
  const first = problem.rows < sampleStride * fewestSampled ? 1 : sampleStride
  const densities = new Float64Array(problem.rows)
  let start = evaluate(problem, first, new Float64Array(problem.columns).fill(1), densities)
  for (let pass = 0; pass < expectationMaximisationPasses; pass++) {
    start = evaluate(problem, first, expected(problem, start), densities)
  }
  let climbed: Climb | undefined
  if (first > 1) {
    const goal = Math.max(tolerance, roughTolerance)
    climbed = climb(problem, { stride: first, weights: start.weights, goal, maxIterations })
  }
  const { best, iterations } = climb(problem, {
    stride: 1,
    // What is of no use to the sample may be of use to others, by as much as a record or so.
    weights: climbed?.best.weights.map((weight) => Math.max(weight, first / problem.rows)) ?? start.weights,
    hessian: climbed?.hessian(),
    goal: tolerance,
    maxIterations: maxIterations - (climbed?.iterations ?? 0),
  })
  return {
    weights: best.weights,
    logWeights: best.weights.map(Math.log),
    objective: best.objective + problem.offset,
    gap: best.gap,
    iterations: iterations + (climbed?.iterations ?? 0),
    converged: best.gap <= tolerance,
  }
}

interface ClimbOptions {
  readonly stride: Stride
  readonly weights: Float64Array
  /** To begin with. */
  readonly hessian?: Matrix | undefined
  readonly goal: number
  readonly maxIterations: number
}

interface Climb {
  readonly best: Point
  readonly iterations: number
  /** Near the best point. */
  readonly hessian: () => Matrix
}

/** Newton steps over the rows of a stride until the gap is at most `goal`. */
function climb(problem: MixtureProblem, options: ClimbOptions): Climb {
  const { stride, weights, goal, maxIterations } = options
  const { pseudoCounts, scale } = problem
  let { hessian } = options
  let densities = new Float64Array(problem.rows)
  let others = new Float64Array(problem.rows)
  let current = evaluate(problem, stride, weights, densities)
  let best = current
  let iterations = 0
  let stalled = 0
  while (best.gap > goal && iterations < maxIterations && stalled < 15) {
    iterations++
    const fresh = hessian === undefined
    hessian ??= mixtureHessian(problem, stride, densities)
    const model = { centre: current.weights, gradient: current.gradient, hessian, pseudoCounts, scale }
    const aim = maximiseModel(model, Math.max(0.02 * current.residual, 1e-15))
    let next = evaluate(problem, stride, aim, others)
    for (let length = 1; fresh && !rises(current, next) && length > 1e-10;) {
      length /= 4
      next = evaluate(problem, stride, between(current.weights, aim, length), others)
    }
    if (!(next.residual <= reuseBelow * current.residual)) hessian = undefined
    if (!fresh && !rises(current, next)) {
      // The Hessian's fault: again with that of the point.
      hessian = undefined
      continue
    }
    stalled = next.gap < 0.9 * best.gap ? 0 : stalled + 1
    current = next
    ;[densities, others] = [others, densities]
    if (current.gap < best.gap) best = current
  }
  return { best, iterations, hessian: () => hessian ?? mixtureHessian(problem, stride, densities) }
}

function rises(current: Point, next: Point): boolean {
  return next.objective >= current.objective - rounding
}

interface Point {
  /** On the simplex. */
  readonly weights: Float64Array
  /** Slopes of the log-likelihood. */
  readonly gradient: Float64Array
  readonly objective: number
  readonly gap: number
  /** How far the conditions of the optimum are from holding: slopes not below κ, and equal to it where there is weight. */
  readonly residual: number
}

function between(start: Float64Array, end: Float64Array, part: number): Float64Array {
  return start.map((weight, column) => weight + part * ((end[column] as number) - weight))
}

/** The weights after a pass of EM. */
function expected({ pseudoCounts, scale }: MixtureProblem, { weights, gradient }: Point): Float64Array {
  return weights.map((weight, column) => {
    const count = weight * (gradient[column] as number) + (pseudoCounts[column] as number)
    // Kept off the boundary, from which EM does not return.
    return Math.max(count / scale, 1e-8 / weights.length)
  })
}

/** At the weights, normalised. */
function evaluate(
  problem: MixtureProblem,
  stride: Stride,
  unnormalised: Float64Array,
  densities: Float64Array,
): Point {
  const { columns, pseudoCounts, scale } = problem
  const sum = unnormalised.reduce((a, b) => a + b, 0)
  const weights = unnormalised.map((weight) => weight / sum)
  const gradient = new Float64Array(columns)
  let objective = evaluateMixture(problem, stride, weights, gradient, densities)
  let steepest = -Infinity
  let along = 0
  let residual = 0
  for (let column = 0; column < columns; column++) {
    const weight = weights[column] as number
    const count = pseudoCounts[column] as number
    const slope = (gradient[column] as number) + (count === 0 ? 0 : count / weight)
    if (count > 0) objective += count * Math.log(weight)
    if (slope > steepest) steepest = slope
    along += slope * weight
    residual = Math.max(residual, slope - scale, Math.min(scale - slope, weight))
  }
  return { weights, gradient, objective, gap: Math.max(0, steepest - along), residual }
}
