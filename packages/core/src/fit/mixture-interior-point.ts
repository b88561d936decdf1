import { cholesky, solveCholesky } from '../numeric/cholesky.ts'
import { dot } from '../numeric/dot.ts'
import type { Matrix } from '../numeric/matrix.ts'

/** A quadratic model of a concave log-likelihood about `centre`, and the rest of a mixture's objective. */
export interface QuadraticModel {
  readonly centre: Float64Array
  /** Slopes of the log-likelihood at the centre. */
  readonly gradient: Float64Array
  /** Minus its second derivatives; symmetric. */
  readonly hessian: Matrix
  readonly pseudoCounts: Float64Array
  readonly scale: number
}

const mostSteps = 40

/**
 * Minimises κ Σ w − model(w) − Σ c log w over w ≥ 0, c the pseudo-counts, by a primal–dual interior point with Mehrotra's predictor and
 * corrector: its conditions are κ − ∂model(w) − s = 0 and w s = c. Ends where they hold to `tolerance`, w > 0.
 */
export function maximiseModel(model: QuadraticModel, tolerance: number): Float64Array {
  const { centre, gradient, pseudoCounts, scale } = model
  const columns = centre.length
  const hessian = bounded(model)
  // Off the boundary by about as much as there is to be gained, from where the interior point moves freely.
  const floor = Math.min(tolerance * 10, 0.1)
  const weights = centre.map((weight) => Math.max(weight, floor / columns))
  const slopes = gradient.map((slope, row) => {
    let change = 0
    for (let column = 0; column < columns; column++) {
      change +=
        (hessian.data[row * columns + column] as number) *
        ((weights[column] as number) - (centre[column] as number))
    }
    return slope - change
  })
  const slacks = slopes.map((slope) => Math.max(scale - slope, floor))
  const system = { rows: columns, columns, data: new Float64Array(columns * columns) }
  for (let step = 0; step < mostSteps; step++) {
    let away = 0
    let complementarity = 0
    let gain = 0
    for (let column = 0; column < columns; column++) {
      const product = (weights[column] as number) * (slacks[column] as number)
      complementarity += Math.abs(product - (pseudoCounts[column] as number))
      gain += gainAlong(model, column, weights, slopes)
      away = Math.max(away, Math.abs(scale - (slopes[column] as number) - (slacks[column] as number)))
    }
    if (away + complementarity <= Math.min(tolerance, Math.max(0.1 * gain, 1e-15))) break
    complementarity /= columns
    system.data.set(hessian.data)
    for (let column = 0; column < columns; column++) {
      const diagonal = column * columns + column
      system.data[diagonal] =
        (hessian.data[diagonal] as number) * (1 + 1e-12) +
        (slacks[column] as number) / (weights[column] as number)
    }
    const factor = cholesky(system)
    const towards = (target: number, bend?: Float64Array) => {
      const aim = pseudoCounts.map((count, column) => count + target - (bend?.[column] ?? 0))
      const change = solveCholesky(
        factor,
        slopes.map((slope, column) => slope - scale + (aim[column] as number) / (weights[column] as number)),
      )
      const slackChange = slacks.map(
        (slack, column) =>
          ((aim[column] as number) - slack * (change[column] as number)) / (weights[column] as number) -
          slack,
      )
      return { change, slackChange }
    }
    const predictor = towards(0)
    const reach = [
      longestStep(weights, predictor.change),
      longestStep(slacks, predictor.slackChange),
    ] as const
    let aimed = 0
    for (let column = 0; column < columns; column++) {
      const product =
        ((weights[column] as number) + reach[0] * (predictor.change[column] as number)) *
        ((slacks[column] as number) + reach[1] * (predictor.slackChange[column] as number))
      aimed += Math.abs(product - (pseudoCounts[column] as number))
    }
    aimed /= columns
    const target = complementarity * Math.min(1, Math.max(aimed / complementarity, 1e-4)) ** 3
    const bend = predictor.change.map((change, column) => change * (predictor.slackChange[column] as number))
    const { change, slackChange } = towards(target, bend)
    const length = 0.995 * Math.min(longestStep(weights, change), longestStep(slacks, slackChange))
    for (let row = 0; row < columns; row++) {
      slopes[row] = (slopes[row] as number) - length * dot(hessian.data, change, columns, row * columns)
    }
    for (let column = 0; column < columns; column++) {
      weights[column] = (weights[column] as number) + length * (change[column] as number)
      slacks[column] = (slacks[column] as number) + length * (slackChange[column] as number)
    }
  }
  return weights
}

/**
 * The Hessian of a mixture maps its weights to its slopes. One of other rows may hardly know a column that matters here, so that the model
 * had no maximum: such a column gets what its slope is missing on the diagonal.
 */
function bounded({ centre, gradient, hessian }: QuadraticModel): Matrix {
  const columns = centre.length
  let data = hessian.data
  for (let column = 0; column < columns; column++) {
    const slope = gradient[column] as number
    const missing = slope - dot(hessian.data, centre, columns, column * columns)
    if (!(missing > slope / 2)) continue
    if (data === hessian.data) data = hessian.data.slice()
    data[column * columns + column] =
      (data[column * columns + column] as number) + missing / (centre[column] as number)
  }
  return { ...hessian, data }
}

/** What a column adds to how much better than the centre the weights are, by the model. */
function gainAlong(
  { centre, gradient, pseudoCounts, scale }: QuadraticModel,
  column: number,
  weights: Float64Array,
  slopes: Float64Array,
): number {
  const [before, after] = [centre[column] as number, weights[column] as number]
  const slope = ((gradient[column] as number) + (slopes[column] as number)) / 2
  const count = pseudoCounts[column] as number
  return (after - before) * (slope - scale) + (count === 0 ? 0 : count * Math.log(after / before))
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
