import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { checkedWeights } from './checked-weights.ts'
import type { Random } from './random.ts'

/**
 * How often each index is drawn in `total` draws, with the least variance: the counts sum to `total`, the
 * expected count is total · weight / Σ weights, and no count differs from it by 1 or more. One number from the stream.
 */
export function systematicCounts(random: Random, weights: ArrayLike<number>, total: number): Int32Array {
  if (!Number.isInteger(total) || total < 0) {
    throw new InvalidArgumentError({ argument: 'total', expected: 'an integer ≥ 0', found: total })
  }
  const { total: sum, lastPositive } = checkedWeights(weights)
  const counts = new Int32Array(weights.length)
  const start = random.next()
  let cumulative = 0
  let ticks = 0
  for (let index = 0; index < lastPositive; index++) {
    cumulative += (weights[index] as number) / sum
    const reached = Math.min(total, Math.max(ticks, Math.ceil(cumulative * total - start)))
    counts[index] = reached - ticks
    ticks = reached
  }
  counts[lastPositive] = total - ticks
  return counts
}
