import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Random } from './random.ts'

/**
 * An index drawn with probability proportional to its weight. Takes one number from the stream.
 * `weights` ≥ 0, finite, not all zero; they need not sum to 1. An index of weight 0 is never drawn.
 */
export function categorical(random: Random, weights: ArrayLike<number>): number {
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
  let remaining = random.next() * total
  for (let index = 0; index < lastPositive; index++) {
    remaining -= weights[index] as number
    if (remaining < 0) return index
  }
  return lastPositive
}
