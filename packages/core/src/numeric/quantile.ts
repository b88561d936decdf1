import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/**
 * The `probability` quantile of `values` (any order, not empty), linearly interpolated between order statistics
 * (type 7 of Hyndman and Fan, 1996).
 */
export function quantile(values: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new InvalidArgumentError({ argument: 'probability', expected: 'from 0 to 1', found: probability })
  }
  if (values.length === 0) {
    throw new InvalidArgumentError({ argument: 'values', expected: 'not empty', found: 'no value' })
  }
  const sorted = Float64Array.from(values).sort()
  const position = probability * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  return low === high ? low : low + (position - below) * (high - low)
}
