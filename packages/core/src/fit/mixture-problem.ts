import type { Matrix } from '../numeric/matrix.ts'

/** A constant mixture's problem, ready for evaluation. */
export interface MixtureProblem {
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

/** f(w) without the offset; fills `gradient` and, where given, the mixture density of each record. */
export function evaluateMixture(
  problem: MixtureProblem,
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
