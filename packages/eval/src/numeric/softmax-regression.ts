import { InvalidArgumentError } from '@mop/core'
import {
  logSumExp,
  matrix,
  type Matrix,
  minimiseLbfgs,
  multiply,
  type Points,
  zeros,
} from '@mop/core/numeric'

export interface SoftmaxRegressionOptions {
  /** λ > 0, of the penalty ½ λ ‖W‖², intercepts included. Default 1. */
  readonly ridge?: number
}

/**
 * Multinomial logistic regression: the W that minimises Σ_i −log p(c_i | x_i) + ½ λ ‖W‖² with p(c | x) = softmax_c(w_c · x + b_c). Strictly
 * convex, so there is one minimum; found by L-BFGS to a gradient below 1e-9 of the number of points. Intercepts are penalised as all else, as in
 * scikit-learn's `LogisticRegression` with C = 1 / λ on points with a column of ones.
 *
 * @param points n × d′.
 * @param labels the class of each point, an integer in [0, classes). A class without a point is allowed.
 * @returns W, classes × (d′ + 1): a row for each class, its intercept b_c last.
 * @throws InvalidArgumentError for points that are none or not finite, labels that do not fit, fewer than 2 classes, or `ridge` that is not above 0.
 */
export function fitSoftmaxRegression(
  points: Points,
  labels: ArrayLike<number>,
  classes: number,
  { ridge = 1 }: SoftmaxRegressionOptions = {},
): Matrix {
  checkPoints(points)
  checkLabels(labels, points.rows, classes)
  if (!(ridge > 0 && ridge < Infinity))
    throw new InvalidArgumentError({ argument: 'ridge', expected: 'finite and above 0', found: ridge })
  const extended = withOnes(points)
  const columns = extended.columns
  const { point } = minimiseLbfgs(
    (at, gradient) => {
      const weights = matrix(classes, columns, at)
      const residuals = multiply(extended, weights, { transposeB: true })
      let value = 0
      for (let row = 0; row < residuals.rows; row++) {
        const own = row * classes + (labels[row] as number)
        const logit = residuals.data[own] as number
        value += toProbabilities(residuals, row) - logit
        residuals.data[own] = (residuals.data[own] as number) - 1
      }
      gradient.set(multiply(residuals, extended, { transposeA: true }).data)
      for (let index = 0; index < at.length; index++) {
        const weight = at[index] as number
        value += 0.5 * ridge * weight * weight
        gradient[index] = (gradient[index] as number) + ridge * weight
      }
      return value
    },
    new Float64Array(classes * columns),
    { maxIterations: 1000, gradientTolerance: 1e-9 * points.rows, valueTolerance: 0 },
  )
  return matrix(classes, columns, point)
}

/**
 * p(c | x) of each point, n × classes: rows sum to 1.
 * @param weights what `fitSoftmaxRegression` returns.
 * @throws InvalidArgumentError for points of another dimension.
 */
export function classProbabilities(weights: Matrix, points: Points): Matrix {
  if (points.columns + 1 !== weights.columns) {
    throw new InvalidArgumentError({
      argument: 'points',
      expected: `of dimension ${weights.columns - 1}, as the classifier's`,
      found: points.columns,
    })
  }
  const logits = multiply(withOnes(points), weights, { transposeB: true })
  for (let row = 0; row < logits.rows; row++) toProbabilities(logits, row)
  return logits
}

/** In float64, with a column of ones for the intercept. */
export function withOnes({ rows, columns, data }: Points): Matrix {
  const extended = zeros(rows, columns + 1)
  for (let row = 0; row < rows; row++) {
    extended.data.set(data.subarray(row * columns, (row + 1) * columns), row * (columns + 1))
    extended.data[row * (columns + 1) + columns] = 1
  }
  return extended
}

function checkPoints({ rows, columns, data }: Points): void {
  const odd = data.findIndex((value) => !Number.isFinite(value))
  if (rows > 0 && columns > 0 && odd < 0) return
  throw new InvalidArgumentError({
    argument: 'points',
    expected: 'at least one, with finite values',
    found: odd < 0 ? `${rows} x ${columns}` : `${data[odd]} in row ${Math.floor(odd / columns)}`,
  })
}

function checkLabels(labels: ArrayLike<number>, count: number, classes: number): void {
  if (!Number.isInteger(classes) || classes < 2)
    throw new InvalidArgumentError({ argument: 'classes', expected: 'an integer ≥ 2', found: classes })
  if (labels.length !== count) {
    throw new InvalidArgumentError({
      argument: 'labels',
      expected: `one for each of the ${count} points`,
      found: labels.length,
    })
  }
  for (let index = 0; index < count; index++) {
    const label = labels[index] as number
    if (Number.isInteger(label) && label >= 0 && label < classes) continue
    throw new InvalidArgumentError({
      argument: `labels[${index}]`,
      expected: `an integer in [0, ${classes})`,
      found: label,
    })
  }
}

/** Logits of a row become probabilities. @returns log Σ exp of the logits. */
function toProbabilities({ columns, data }: Matrix, row: number): number {
  const start = row * columns
  const total = logSumExp(data, start, start + columns)
  for (let index = start; index < start + columns; index++)
    data[index] = Math.exp((data[index] as number) - total)
  return total
}
