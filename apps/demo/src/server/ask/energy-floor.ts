import { euclideanDistance, type Vector } from './euclidean-distance.ts'

/**
 * Energy distance to be expected of so many simulated responses to this sample if both were of one distribution:
 * E|X−X′| (1/n + 1/m), what the V-statistic has then on average, with E|X−X′| estimated over the pairs of the sample.
 * Exact for any two sizes, also where the simulation is the larger one.
 * @returns undefined for fewer than 4.
 */
export function energyFloor(sample: readonly Vector[], simulated: number): number | undefined {
  const size = sample.length
  if (size < 4 || simulated < 1) return undefined
  let sum = 0
  for (const [index, a] of sample.entries()) {
    for (let other = index + 1; other < size; other++) sum += euclideanDistance(a, sample[other] ?? a)
  }
  const mean = sum / ((size * (size - 1)) / 2)
  return mean * (1 / simulated + 1 / size)
}
