import { euclideanDistance, type Vector } from './euclidean-distance.ts'

/**
 * 2 E|X−Y| − E|X−X′| − E|Y−Y′| of two samples (Székely and Rizzo 2013, Journal of Statistical Planning and Inference 143, 8),
 * as the V-statistic: never below 0, and 0 for equal samples. It is above 0 for two samples of one distribution, the more the
 * smaller they are: compare with `energyFloor`.
 * @returns undefined for an empty sample.
 */
export function energyDistance(x: readonly Vector[], y: readonly Vector[]): number | undefined {
  if (x.length === 0 || y.length === 0) return undefined
  return Math.max(0, 2 * meanDistance(x, y) - meanDistance(x, x) - meanDistance(y, y))
}

function meanDistance(x: readonly Vector[], y: readonly Vector[]): number {
  let sum = 0
  for (const a of x) for (const b of y) sum += euclideanDistance(a, b)
  return sum / (x.length * y.length)
}
