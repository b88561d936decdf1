import { checkedWeights } from './checked-weights.ts'
import type { Random } from './random.ts'

/**
 * An index drawn with probability proportional to its weight. Takes one number from the stream.
 * `weights` ≥ 0, finite, not all zero; they need not sum to 1. An index of weight 0 is never drawn.
 */
export function categorical(random: Random, weights: ArrayLike<number>): number {
  const { total, lastPositive } = checkedWeights(weights)
  let remaining = random.next() * total
  for (let index = 0; index < lastPositive; index++) {
    remaining -= weights[index] as number
    if (remaining < 0) return index
  }
  return lastPositive
}
