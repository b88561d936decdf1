import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { Random } from './random.ts'

/**
 * Indices drawn without replacement, each with exactly its inclusion probability, in ascending order
 * (systematic sampling with unequal probabilities: Madow, 1949). Takes one number from the stream.
 *
 * Where the probabilities sum to an integer n, exactly n indices come back; otherwise ⌊sum⌋ or ⌈sum⌉.
 * Neighbours exclude one another, so order the units at random where joint inclusion matters.
 */
export function systematicSample(random: Random, inclusion: ArrayLike<number>): number[] {
  let total = 0
  for (let index = 0; index < inclusion.length; index++) {
    const probability = inclusion[index] as number
    if (!(probability >= 0 && probability <= 1 + 1e-9)) {
      throw new InvalidArgumentError({
        argument: `inclusion[${index}]`,
        expected: 'a probability from 0 to 1',
        found: probability,
      })
    }
    total += probability
  }
  const nearest = Math.round(total)
  // Rounding errors of the sum must not cost or add a unit.
  const scale = Math.abs(total - nearest) <= 1e-9 * Math.max(1, nearest) && total > 0 ? nearest / total : 1
  const start = random.next()
  const chosen: number[] = []
  let cumulative = 0
  let ticks = 0
  let lastPositive = -1
  for (let index = 0; index < inclusion.length; index++) {
    const probability = inclusion[index] as number
    if (probability === 0) continue
    lastPositive = index
    cumulative += probability * scale
    if (start + ticks < cumulative) {
      chosen.push(index)
      ticks++
    }
  }
  if (scale !== 1 && ticks < nearest && chosen.at(-1) !== lastPositive) chosen.push(lastPositive)
  return chosen
}
