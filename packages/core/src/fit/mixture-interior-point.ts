import { cholesky, solveCholesky } from '../numeric/cholesky.ts'
import { dot } from '../numeric/dot.ts'
import type { Matrix } from '../numeric/matrix.ts'

/** A quadratic model of a mixture's log-likelihood about `centre`, and the rest of its objective. */
export interface QuadraticModel {
  /** All positive. */
  readonly centre: Float64Array
  /** Slopes of the log-likelihood at the centre. */
  readonly gradient: Float64Array
  /** Minus its second derivatives, there or near; symmetric. */
  readonly hessian: Matrix
  readonly pseudoCounts: Float64Array
  readonly scale: number
}

/** Where an interior point is: weights w > 0, slacks s > 0, and the model's slopes at w. */
interface State {
  readonly weights: Float64Array
  readonly slacks: Float64Array
  readonly slopes: Float64Array
}

interface Changes {
  readonly weights: Float64Array
  readonly slacks: Float64Array
}

const mostSteps = 40
/** Part of the way to the boundary that a step goes at most. */
const caution = 0.995
/** What the slacks' products are off by may be this part of what has been gained: the gain is real. */
const partOfGain = 0.1
/** Keeps the factorisation of a Hessian of alike columns clear of rounding; the conditions are exact all the same. */
const relativeRidge = 1e-12

/**
 * Minimises κ Σ w − model(w) − Σ c log w over w ≥ 0, c the pseudo-counts, by a primal–dual interior point with Mehrotra's predictor and
 * corrector: its conditions are κ − ∂model(w) − s = 0 and w s = c. Ends where they hold to `tolerance`, or sooner to a part of the gain.
 * The weights are positive.
 */
export function maximiseModel(given: QuadraticModel, tolerance: number): Float64Array {
  const model = bounded(given)
  const { hessian, pseudoCounts } = model
  const columns = hessian.columns
  const state = startOf(model, Math.min(10 * tolerance, 0.1))
  const { weights, slacks, slopes } = state
  for (let step = 0; step < mostSteps; step++) {
    const off = offBy(model, state)
    if (off.conditions <= Math.min(tolerance, Math.max(partOfGain * gained(model, state), 1e-15))) break
    const factor = cholesky(regularised(hessian, state))
    // The predictor chooses how far to aim down the central path, and the corrector bends towards it.
    const predictor = changesTowards(factor, model, state, pseudoCounts)
    const reached = productsOff(model, moved(state, predictor)) / columns
    const mean = off.products / columns
    const target = mean * Math.min(1, Math.max(reached / mean, 1e-4)) ** 3
    const aims = pseudoCounts.map(
      (count, column) =>
        count + target - (predictor.weights[column] as number) * (predictor.slacks[column] as number),
    )
    const changes = changesTowards(factor, model, state, aims)
    const length =
      caution * Math.min(longestStep(weights, changes.weights), longestStep(slacks, changes.slacks))
    for (let column = 0; column < columns; column++) {
      const curvature = dot(hessian.data, changes.weights, columns, column * columns)
      slopes[column] = (slopes[column] as number) - length * curvature
      weights[column] = (weights[column] as number) + length * (changes.weights[column] as number)
      slacks[column] = (slacks[column] as number) + length * (changes.slacks[column] as number)
    }
  }
  return weights
}

/**
 * The Hessian of a mixture maps its weights to its slopes. One of other rows may hardly know a column that matters here, so that the model
 * had no maximum: such a column gets what its slope is missing on the diagonal.
 */
function bounded(model: QuadraticModel): QuadraticModel {
  const { centre, gradient, hessian } = model
  const columns = centre.length
  let data = hessian.data
  for (let column = 0; column < columns; column++) {
    const slope = gradient[column] as number
    const missing = slope - dot(hessian.data, centre, columns, column * columns)
    if (!(missing > slope / 2)) continue
    if (data === hessian.data) data = hessian.data.slice()
    const diagonal = column * columns + column
    data[diagonal] = (data[diagonal] as number) + missing / (centre[column] as number)
  }
  return { ...model, hessian: { ...hessian, data } }
}

/** The centre, off the boundary by about as much as there is to be gained: from there the interior point moves freely. */
function startOf({ centre, gradient, hessian, scale }: QuadraticModel, floor: number): State {
  const columns = centre.length
  const weights = centre.map((weight) => Math.max(weight, floor / columns))
  const changes = weights.map((weight, column) => weight - (centre[column] as number))
  const slopes = gradient.map(
    (slope, column) => slope - dot(hessian.data, changes, columns, column * columns),
  )
  return { weights, slopes, slacks: slopes.map((slope) => Math.max(scale - slope, floor)) }
}

/** By how much the conditions do not hold: both together, and Σ |w s − c|. */
function offBy(model: QuadraticModel, state: State): { conditions: number; products: number } {
  let furthest = 0
  state.slopes.forEach((slope, column) => {
    furthest = Math.max(furthest, Math.abs(model.scale - slope - (state.slacks[column] as number)))
  })
  const products = productsOff(model, state)
  return { conditions: furthest + products, products }
}

function productsOff({ pseudoCounts }: QuadraticModel, { weights, slacks }: Changes): number {
  return weights.reduce(
    (sum, weight, column) =>
      sum + Math.abs(weight * (slacks[column] as number) - (pseudoCounts[column] as number)),
    0,
  )
}

/** How much better than the centre the weights are, by the model. */
function gained(
  { centre, gradient, pseudoCounts, scale }: QuadraticModel,
  { weights, slopes }: State,
): number {
  return weights.reduce((sum, after, column) => {
    const before = centre[column] as number
    const slope = ((gradient[column] as number) + (slopes[column] as number)) / 2
    const count = pseudoCounts[column] as number
    return sum + (after - before) * (slope - scale) + (count === 0 ? 0 : count * Math.log(after / before))
  }, 0)
}

/** H + diag(s / w), with a ridge. */
function regularised({ rows, columns, data }: Matrix, { weights, slacks }: State): Matrix {
  const system = data.slice()
  for (let column = 0; column < columns; column++) {
    const diagonal = column * columns + column
    system[diagonal] =
      (data[diagonal] as number) * (1 + relativeRidge) +
      (slacks[column] as number) / (weights[column] as number)
  }
  return { rows, columns, data: system }
}

/** A Newton step towards κ − ∂model(w) − s = 0 and w s = `aims`. */
function changesTowards(
  factor: Matrix,
  { scale }: QuadraticModel,
  { weights, slacks, slopes }: State,
  aims: Float64Array,
): Changes {
  const aimed = aims.map((aim, column) => aim / (weights[column] as number))
  const changes = solveCholesky(
    factor,
    slopes.map((slope, column) => slope - scale + (aimed[column] as number)),
  )
  const slackChanges = slacks.map(
    (slack, column) =>
      (aimed[column] as number) - slack - (slack * (changes[column] as number)) / (weights[column] as number),
  )
  return { weights: changes, slacks: slackChanges }
}

/** Weights and slacks as far along the changes as each of the two can go. */
function moved({ weights, slacks }: State, changes: Changes): Changes {
  const along = (values: Float64Array, direction: Float64Array): Float64Array => {
    const length = longestStep(values, direction)
    return values.map((value, column) => value + length * (direction[column] as number))
  }
  return { weights: along(weights, changes.weights), slacks: along(slacks, changes.slacks) }
}

/** The largest step ≤ 1 / caution that keeps values + step · changes ≥ 0. */
function longestStep(values: Float64Array, changes: Float64Array): number {
  let longest = 1 / caution
  for (let index = 0; index < values.length; index++) {
    const change = changes[index] as number
    if (change < 0) longest = Math.min(longest, -(values[index] as number) / change)
  }
  return longest
}
