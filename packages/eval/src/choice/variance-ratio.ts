import { normalisedPair } from '../numeric/normalised-pair.ts'

/**
 * Variance of the simulated answers over that of the real ones, on an ordinal scale with steps of one: below 1 the simulated
 * population is flatter than the real one, which is the usual fault of language models; above 1 it is too noisy. From 0 to Infinity,
 * nearest to 1 is best; 1 where both have no variance. It says nothing about the mean.
 *
 * @param real, simulated weights or counts over the answers in their order, normalised here.
 * @throws InvalidArgumentError for different lengths, or weights that are negative or all zero.
 */
export function varianceRatio(real: ArrayLike<number>, simulated: ArrayLike<number>): number {
  const [p, q] = normalisedPair(real, simulated)
  return ratioOfVariances(scaleVariance(p), scaleVariance(q))
}

/** simulated / real; 1 where both are 0. */
export function ratioOfVariances(real: number, simulated: number): number {
  return real === 0 && simulated === 0 ? 1 : simulated / real
}

/** The variance Σ p k² − (Σ p k)² of shares over the answers k = 0, 1, …; at least 0. */
export function scaleVariance(shares: Float64Array): number {
  let mean = 0
  shares.forEach((share, answer) => (mean += share * answer))
  let variance = 0
  shares.forEach((share, answer) => (variance += share * (answer - mean) ** 2))
  return variance
}
