import { normalisedPair } from '../numeric/normalised-pair.ts'

/**
 * Total variation of two answer distributions, ½ Σ |p − q|: the largest difference of the probability of any set of answers. From 0 to 1,
 * lower is better. It knows no order of the answers. Finite samples of equal populations have about Σ √(p (1 − p) / (π n)) for two of n each.
 *
 * @param p, q weights or counts over the same answers, normalised here.
 * @throws InvalidArgumentError for different lengths, or weights that are negative or all zero.
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [first, second] = normalisedPair(p, q)
  let sum = 0
  for (let answer = 0; answer < first.length; answer++) {
    sum += Math.abs((first[answer] as number) - (second[answer] as number))
  }
  return sum / 2
}
