import { normalisedPair } from '../numeric/normalised-pair.ts'

/**
 * Wasserstein-1 distance of two answer distributions on an ordinal scale with steps of one: Σ_{k<K} |F_p(k) − F_q(k)|, how many steps
 * the average answer must be moved. From 0 to K − 1, lower is better. Meaningless where the answers have no order.
 *
 * @param p, q weights or counts over the K answers in their order, normalised here.
 * @throws InvalidArgumentError for different lengths, or weights that are negative or all zero.
 */
export function wasserstein(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [first, second] = normalisedPair(p, q)
  let ahead = 0
  let sum = 0
  for (let answer = 0; answer < first.length - 1; answer++) {
    ahead += (first[answer] as number) - (second[answer] as number)
    sum += Math.abs(ahead)
  }
  return sum
}

/** `wasserstein` over K − 1: from 0 to 1 whatever the number of answers; 0 for K = 1. */
export function normalisedWasserstein(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return p.length > 1 ? wasserstein(p, q) / (p.length - 1) : wasserstein(p, q)
}
