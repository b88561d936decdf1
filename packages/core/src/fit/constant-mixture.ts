import { type KernelName, kernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { maximiseModel } from './mixture-interior-point.ts'
import {
  evaluateMixture,
  mixtureBlock,
  mixtureHessian,
  mixtureProblem,
  type MixtureProblem,
  type Stride,
} from './mixture-problem.ts'

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
/** Of the records, every so manieth block of rows makes the first problem, where that leaves enough rows. */
const strides: readonly Stride[] = [8, 1]
const fewestRows = 4096
/** To what gap the problem with some of the records is solved: its optimum is farther than this from the whole one's. */
const roughTolerance = 3e-3
/** A Hessian serves for further steps while they close the gap to at most this part. */
const reuseBelow = 0.2

/**
 * Maximum-likelihood (or MAP) proportions of a mixture of C given components: maximises
 * Σ_i v_i log Σ_k w_k exp(logLikelihood[i, k]) / Σ_i v_i over the simplex, a concave problem.
 *
 * A few EM passes, then Newton steps whose quadratic models are maximised over w ≥ 0 by an interior point, as sequential quadratic
 * programming (Kim, Carbonetto, Stephens and Anitescu, 2020) on the equivalent problem min −f(w) + κ Σ w, whose optimum lies on the
 * simplex by itself. Where there are many records, first on an eighth of them. A Hessian is used again while that pays. `logLikelihood` is
 * N × C, −Infinity allowed.
 * Throws UnexplainedRecordError where a record of positive weight is −Infinity throughout,
 * InvalidArgumentError for NaN or +Infinity.
 */
export function solveConstantMixture(
  logLikelihood: Matrix,
  options: ConstantMixtureOptions = {},
): ConstantMixture {
  const { tolerance = 1e-9, maxIterations = 200, kernel = kernelName() } = options
  const problem = mixtureProblem(logLikelihood, { ...options, kernel })
  const { columns } = problem
  let weights: Float64Array = new Float64Array(columns).fill(1 / columns)
  let densities = new Float64Array(problem.rows)
  let others = new Float64Array(problem.rows)
  let iterations = 0
  let hessian: Matrix | undefined
  let best: Point | undefined
  const sampled = problem.rows < 8 * fewestRows ? 1 : 8
  for (const stride of strides) {
    if (stride > 1 && problem.rows < stride * fewestRows) continue
    const goal = stride > 1 ? Math.max(tolerance, roughTolerance) : tolerance
    let current = evaluate(problem, stride, weights, densities)
    for (let pass = 0; pass < expectationMaximisationPasses && best === undefined; pass++) {
      current = evaluate(problem, stride, expected(problem, current), densities)
    }
    const first = current
    best = current
    let stalled = 0
    let careful = false
    while (best.gap > goal && iterations < maxIterations && stalled < 15) {
      iterations++
      const fresh = hessian === undefined && (stride === sampled || current !== first || careful)
      hessian ??= mixtureHessian(problem, current === first && !careful ? sampled : stride, densities)
      const { pseudoCounts, scale } = problem
      const model = { centre: current.weights, gradient: current.gradient, hessian, pseudoCounts, scale }
      const aim = maximiseModel(model, Math.max(0.02 * current.residual, 1e-15))
      let next = evaluate(problem, stride, aim, others)
      let length = 1
      while (fresh && next.objective < current.objective - 1e-12 && length > 1e-10) {
        length /= 4
        next = evaluate(problem, stride, between(current.weights, aim, length), others)
      }
      if (globalThis.process?.env.TRACE) console.error(stride, 'gap', current.gap, '->', next.gap, 'residual', next.residual, 'objective', next.objective - current.objective, 'fresh', fresh, 'length', length)
      if (!(next.residual <= reuseBelow * current.residual)) hessian = undefined
      careful = !fresh && !(next.objective > current.objective - 1e-12)
      if (careful) { hessian = undefined; continue }
      stalled = next.gap < 0.9 * best.gap ? 0 : stalled + 1
      current = next
      ;[densities, others] = [others, densities]
      if (current.gap > 0.05) {
        current = evaluate(problem, stride, expected(problem, current), densities)
        console.error('em', current.gap, current.objective-next.objective)
      }
      if (current.gap < best.gap) best = current
    }
    // What is of no use to these may be to others: as much as a record or so.
    weights = stride > 1 ? best.weights.map((weight) => Math.max(weight, stride / problem.rows)) : best.weights
  }
  const { gap, objective } = best as Point
  return {
    weights,
    logWeights: weights.map(Math.log),
    objective: objective + problem.offset,
    gap,
    iterations,
    converged: gap <= tolerance,
  }
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
