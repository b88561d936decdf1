import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/**
 * Splits `total` units in proportion to `weights` (Hamilton's method): the floor of each quota, then one more
 * for the largest remainders, ties to the lower index. The result sums to `total`.
 */
export function allocateByLargestRemainder(weights: ArrayLike<number>, total: number): number[] {
  if (!Number.isInteger(total) || total < 0) {
    throw new InvalidArgumentError({ argument: 'total', expected: 'an integer ≥ 0', found: total })
  }
  let sum = 0
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError({
        argument: `weights[${index}]`,
        expected: 'a finite number ≥ 0',
        found: weight,
      })
    }
    sum += weight
  }
  if (!(sum > 0)) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: 'positive somewhere',
      found: 'no positive weight',
    })
  }
  const quotas = Array.from(weights, (weight) => (weight / sum) * total)
  const result = quotas.map(Math.floor)
  const left = total - result.reduce((a, b) => a + b, 0)
  const byRemainder = quotas
    .map((quota, index) => ({ index, remainder: quota - Math.floor(quota) }))
    .filter(({ index }) => (weights[index] as number) > 0)
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (let given = 0; given < left; given++) {
    const { index } = byRemainder[given % byRemainder.length] as { index: number }
    result[index] = (result[index] as number) + 1
  }
  return result
}
