import type { Random } from './random.ts'
import { uniformInt } from './uniform-int.ts'

/** A copy of `values` in a uniformly random order (Fisher and Yates). */
export function shuffle<Value>(random: Random, values: Iterable<Value>): Value[] {
  const result = [...values]
  for (let last = result.length - 1; last > 0; last--) {
    const other = uniformInt(random, last + 1)
    const kept = result[last] as Value
    result[last] = result[other] as Value
    result[other] = kept
  }
  return result
}
