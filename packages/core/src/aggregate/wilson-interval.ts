import { normalQuantile } from '../numeric/normal-quantile.ts'
import type { ConfidenceInterval } from './choice-distribution.ts'

/**
 * The score interval of a proportion (Wilson 1927): with z the normal quantile,
 *
 *     ( p + z²/2n ± z √( p(1−p)/n + z²/4n² ) ) / (1 + z²/n).
 *
 * It lies within [0, 1] and has a length even at p = 0. Weighted data take their effective size for n.
 *
 * @param size n > 0, possibly fractional; Infinity gives p itself.
 */
export function wilsonInterval(proportion: number, size: number, confidence: number): ConfidenceInterval {
  if (size === Infinity) return { lower: proportion, upper: proportion }
  const z = normalQuantile((1 + confidence) / 2)
  const shrink = 1 + (z * z) / size
  const centre = (proportion + (z * z) / (2 * size)) / shrink
  const half = (z / shrink) * Math.sqrt((proportion * (1 - proportion)) / size + (z * z) / (4 * size * size))
  return {
    lower: Math.max(0, Math.min(proportion, centre - half)),
    upper: Math.min(1, Math.max(proportion, centre + half)),
  }
}
