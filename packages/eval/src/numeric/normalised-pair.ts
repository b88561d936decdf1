import { InvalidArgumentError } from '@mop/core'

/** Both normalised to one. @throws InvalidArgumentError unless of one length, finite, ≥ 0 and not all zero. */
export function normalisedPair(p: ArrayLike<number>, q: ArrayLike<number>): [Float64Array, Float64Array] {
  if (p.length !== q.length) {
    throw new InvalidArgumentError({
      argument: 'q',
      expected: `of length ${p.length}, as p`,
      found: q.length,
    })
  }
  return [normalised('p', p), normalised('q', q)]
}

function normalised(argument: string, weights: ArrayLike<number>): Float64Array {
  let total = 0
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError({
        argument: `${argument}[${index}]`,
        expected: 'finite and not negative',
        found: weight,
      })
    }
    total += weight
  }
  if (total === 0) {
    throw new InvalidArgumentError({ argument, expected: 'positive somewhere', found: 'no positive weight' })
  }
  return Float64Array.from(weights, (weight) => weight / total)
}

/** KL(p ‖ q) = Σ p ln(p / q) in nats, over p > 0; Infinity where q is 0 there. Both sum to one. */
export function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0
  for (let index = 0; index < p.length; index++) {
    const weight = p[index] as number
    if (weight > 0) sum += weight * Math.log(weight / (q[index] as number))
  }
  return sum
}
