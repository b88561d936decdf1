import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/** Sum of the weights and the last index of positive weight. Throws InvalidArgumentError unless all are finite, ≥ 0, and some positive. */
export function checkedWeights(weights: ArrayLike<number>): {
  readonly total: number
  readonly lastPositive: number
} {
  let total = 0
  let lastPositive = -1
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError({
        argument: `weights[${index}]`,
        expected: 'a finite number ≥ 0',
        found: weight,
      })
    }
    if (weight > 0) lastPositive = index
    total += weight
  }
  if (lastPositive < 0) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: 'positive somewhere',
      found: 'no positive weight',
    })
  }
  return { total, lastPositive }
}
