import { divergence, normalisedPair } from '../numeric/normalised-pair.ts'

/**
 * Jensen–Shannon divergence of two answer distributions in nats (Lin 1991): ½ KL(p ‖ m) + ½ KL(q ‖ m), m = (p + q) / 2. From 0 to ln 2,
 * lower is better; its root is a metric, and over ln 2 it is in bits. It knows no order of the answers.
 *
 * @param p, q weights or counts over the same answers, normalised here.
 * @throws InvalidArgumentError for different lengths, or weights that are negative or all zero.
 */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [first, second] = normalisedPair(p, q)
  const middle = first.map((weight, answer) => (weight + (second[answer] as number)) / 2)
  return Math.max(0, (divergence(first, middle) + divergence(second, middle)) / 2)
}
