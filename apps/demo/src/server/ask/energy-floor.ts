import { type Random, shuffle } from '@mop/core'
import { energyDistance } from './energy-distance.ts'
import type { Vector } from './euclidean-distance.ts'

const splits = 20

/**
 * Energy distance between two random parts of one sample, the mean over some splits: what is left when the two are of one
 * distribution. One part has as many as the simulation that it is compared with, at most half of all.
 * @returns undefined for fewer than 4.
 */
export function energyFloor(
  sample: readonly Vector[],
  simulated: number,
  random: Random,
): number | undefined {
  if (sample.length < 4 || simulated < 1) return undefined
  const size = Math.min(simulated, Math.floor(sample.length / 2))
  const distances = Array.from({ length: splits }, (_, split) => {
    const shuffled = shuffle(random.fork(`split ${split}`), sample)
    return energyDistance(shuffled.slice(0, size), shuffled.slice(size)) ?? 0
  })
  return distances.reduce((sum, value) => sum + value, 0) / splits
}
