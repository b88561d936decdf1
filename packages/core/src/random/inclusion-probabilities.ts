import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/**
 * Inclusion probabilities of a sample of `size` units drawn without replacement with probability proportional
 * to weight: min(1, λ w_c) with λ such that they sum to min(size, units of positive weight). Heavy units are
 * included with certainty (Särndal, Swensson, Wretman 1992, section 3.6.2).
 */
export function inclusionProbabilities(
  weights: ArrayLike<number>,
  size: number,
): { readonly probabilities: Float64Array; readonly scale: number } {
  const order: number[] = []
  let remainingWeight = 0
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index] as number
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError({
        argument: `weights[${index}]`,
        expected: 'a finite number ≥ 0',
        found: weight,
      })
    }
    if (weight === 0) continue
    order.push(index)
    remainingWeight += weight
  }
  order.sort((a, b) => (weights[b] as number) - (weights[a] as number))
  const probabilities = new Float64Array(weights.length)
  if (size >= order.length) {
    for (const index of order) probabilities[index] = 1
    return { probabilities, scale: Infinity }
  }
  let certain = 0
  for (const index of order) {
    const weight = weights[index] as number
    if (weight * (size - certain) < remainingWeight) break
    probabilities[index] = 1
    remainingWeight -= weight
    certain += 1
  }
  const scale = (size - certain) / remainingWeight
  for (const index of order.slice(certain)) probabilities[index] = scale * (weights[index] as number)
  return { probabilities, scale }
}
