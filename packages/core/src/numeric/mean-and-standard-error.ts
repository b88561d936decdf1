export interface MeanAndStandardError {
  /** NaN where the weights sum to zero. */
  readonly mean: number
  /** NaN for fewer than two positive weights. */
  readonly standardError: number
}

/**
 * Weighted mean Σ w x / Σ w and its standard error √( n/(n−1) Σ w² (x − mean)² ) / Σ w over the n values of positive
 * weight; with equal weights the usual s / √n. Weights ≥ 0, default all 1.
 */
export function meanAndStandardError(
  values: ArrayLike<number>,
  weights?: ArrayLike<number>,
): MeanAndStandardError {
  let weightSum = 0
  let sum = 0
  let count = 0
  for (let index = 0; index < values.length; index++) {
    const weight = weights === undefined ? 1 : (weights[index] as number)
    if (weight === 0) continue
    count++
    weightSum += weight
    sum += weight * (values[index] as number)
  }
  const mean = weightSum > 0 ? sum / weightSum : NaN
  let squares = 0
  for (let index = 0; index < values.length; index++) {
    const weight = weights === undefined ? 1 : (weights[index] as number)
    if (weight === 0) continue
    const deviation = weight * ((values[index] as number) - mean)
    squares += deviation * deviation
  }
  return {
    mean,
    standardError: count > 1 ? Math.sqrt((squares * count) / (count - 1)) / weightSum : NaN,
  }
}
