import { matrix, type Matrix, multiply, type Points } from '@mop/core/numeric'
import { solveConjugateGradient } from './conjugate-gradient.ts'
import { classProbabilities, withOnes } from './softmax-regression.ts'

export interface LabelledPoints {
  /** n × d′. */
  readonly points: Points
  /** The class of each. */
  readonly labels: ArrayLike<number>
}

export interface SoftmaxInfluenceOptions {
  /** What `fitSoftmaxRegression` returned for `training` and `ridge`. */
  readonly weights: Matrix
  readonly training: LabelledPoints
  readonly ridge: number
  /** On which the loss is taken; its labels may be wrong here and there. */
  readonly validation: LabelledPoints
}

/**
 * What each training point does to the loss of others: the influence function I_i = −∇Lᵀ H⁻¹ ∇ℓ_i (Koh and Liang, ICML 2017), the
 * derivative of the validation loss L by the weight of point i, with H = Σ_i ∇²ℓ_i + λ I at the minimum, solved by conjugate gradients. Negative
 * where the point helps. To first order the loss without point i is L − I_i.
 *
 * L is the mean of `reverseCrossEntropy`, which ProGen takes because wrong labels among the validation points move it little.
 * @returns one for each training point.
 */
export function softmaxInfluence({
  weights,
  training,
  ridge,
  validation,
}: SoftmaxInfluenceOptions): Float64Array {
  const classes = weights.rows
  const lossGradient = reverseCrossEntropyGradient(weights, validation)
  const extended = withOnes(training.points)
  const probabilities = classProbabilities(weights, training.points)
  const hessianTimes = (vector: Float64Array): Float64Array => {
    const logits = multiply(extended, matrix(classes, weights.columns, vector), { transposeB: true })
    for (let start = 0; start < logits.data.length; start += classes) {
      let mean = 0
      for (let index = start; index < start + classes; index++)
        mean += (probabilities.data[index] as number) * (logits.data[index] as number)
      for (let index = start; index < start + classes; index++)
        logits.data[index] = (probabilities.data[index] as number) * ((logits.data[index] as number) - mean)
    }
    const product = multiply(logits, extended, { transposeA: true }).data
    return product.map((value, index) => value + ridge * (vector[index] as number))
  }
  const direction = solveConjugateGradient(hessianTimes, lossGradient)
  const along = multiply(extended, matrix(classes, weights.columns, direction), { transposeB: true })
  return Float64Array.from({ length: extended.rows }, (_, row) => {
    const start = row * classes
    let inner = -(along.data[start + (training.labels[row] as number)] as number)
    for (let index = start; index < start + classes; index++)
      inner += (probabilities.data[index] as number) * (along.data[index] as number)
    return 0 - inner
  })
}

/**
 * Reverse cross entropy of each point, 1 − p(c_i | x_i): −Σ_c p(c | x_i) log q_i(c) for the one-hot q_i with log 0 set to −1 (Wang et
 * al., ICCV 2019, have −4, which only scales it).
 */
export function reverseCrossEntropy(weights: Matrix, { points, labels }: LabelledPoints): Float64Array {
  const { columns, data } = classProbabilities(weights, points)
  return Float64Array.from(labels, (label, row) => 1 - (data[row * columns + label] as number))
}

/** Of the mean over the points, by the weights. */
function reverseCrossEntropyGradient(weights: Matrix, { points, labels }: LabelledPoints): Float64Array {
  const residuals = classProbabilities(weights, points)
  const { rows, columns, data } = residuals
  for (let row = 0; row < rows; row++) {
    const own = row * columns + (labels[row] as number)
    const scale = (data[own] as number) / rows
    data[own] = (data[own] as number) - 1
    for (let index = row * columns; index < (row + 1) * columns; index++)
      data[index] = (data[index] as number) * scale
  }
  return multiply(residuals, withOnes(points), { transposeA: true }).data
}
