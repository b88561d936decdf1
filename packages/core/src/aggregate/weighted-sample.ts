import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Random } from '../random/random.ts'
import { systematicCounts } from '../random/systematic-counts.ts'

/**
 * A sample of n rows in proportion to their weights, with the least variance (systematic sampling): row i stands
 * in it ⌊n w_i/W⌋ or ⌈n w_i/W⌉ times, n w_i/W times on average. Rows keep their order; repeats stand side by side.
 *
 * @param weights one finite number ≥ 0 per row, not all zero.
 */
export function weightedSample<Row>(
  rows: readonly Row[],
  weights: ArrayLike<number>,
  n: number,
  random: Random,
): readonly Row[] {
  if (weights.length !== rows.length) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: `one for each of the ${rows.length} rows`,
      found: `${weights.length} numbers`,
    })
  }
  const counts = systematicCounts(random, weights, n)
  return rows.flatMap((row, index) => Array.from({ length: counts[index] ?? 0 }, () => row))
}
