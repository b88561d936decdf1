import type { MetricResult } from '../result/metric-result.ts'
import { badness, badnessRange } from './badness.ts'

/** The place of the figure that lies best; −1 for fewer than two. Says nothing of whether it is clearly better: intervals do. */
export function bestFigure(figures: readonly (MetricResult | undefined)[]): number {
  const distances = figures.map((figure) => (figure === undefined ? Infinity : badness(figure)))
  const known = distances.filter((distance) => distance < Infinity)
  return known.length < 2 ? -1 : distances.indexOf(Math.min(...known))
}

/** `open`: whose interval overlaps that of the best, or one of them has none, so that which is better is not clear. */
export type Standing = 'best' | 'open' | 'behind'

/**
 * How each figure stands beside the best of them; undefined where there is none, or no best. Overlapping intervals are a cautious rule: two figures
 * whose intervals overlap a little may still differ.
 */
export function standings(figures: readonly (MetricResult | undefined)[]): (Standing | undefined)[] {
  const place = bestFigure(figures)
  const best = figures[place]
  return figures.map((figure, index) => {
    if (best === undefined || figure === undefined || badness(figure) === Infinity) return undefined
    return index === place ? 'best' : overlaps(figure, best) ? 'open' : 'behind'
  })
}

/** Whether the intervals of two figures of one metric overlap, as far from the best there could be; true where one is missing. */
export function overlaps(one: MetricResult, other: MetricResult): boolean {
  if (one.interval === undefined || other.interval === undefined) return true
  const [a, b] = [badnessRange(one), badnessRange(other)]
  return a[0] <= b[1] && b[0] <= a[1]
}
