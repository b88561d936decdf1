import { logSumExp } from '@mop/core/numeric'

/** log of the mean of exp(values); where all are equal, that value to the last bit. */
export function logMean(values: ArrayLike<number>): number {
  const first = values[0] as number
  for (let index = 1; index < values.length; index++) {
    if (values[index] !== first) return logSumExp(values) - Math.log(values.length)
  }
  return first
}
