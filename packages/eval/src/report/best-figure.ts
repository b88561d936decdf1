import type { MetricResult } from '../result/metric-result.ts'
import { badness, badnessRange } from '../result/badness.ts'
import { pairedDifference } from '../result/paired-difference.ts'

/** The place of the figure that lies best; −1 for fewer than two. Says nothing of whether it is clearly better: intervals do. */
export function bestFigure(figures: readonly (MetricResult | undefined)[]): number {
  const distances = figures.map((figure) => (figure === undefined ? Infinity : badness(figure)))
  const known = distances.filter((distance) => distance < Infinity)
  return known.length < 2 ? -1 : distances.indexOf(Math.min(...known))
}

/** `open`: which is better is not clear, or an interval is missing. */
export type Standing = 'best' | 'open' | 'behind'

/** How each figure stands beside the best of them, by `isOpen`; undefined where there is none, or no best. */
export function standings(figures: readonly (MetricResult | undefined)[]): (Standing | undefined)[] {
  const place = bestFigure(figures)
  const best = figures[place]
  return figures.map((figure, index) => {
    if (best === undefined || figure === undefined || badness(figure) === Infinity) return undefined
    return index === place ? 'best' : isOpen(figure, best) ? 'open' : 'behind'
  })
}

/**
 * Whether it is open which of two figures of one metric is better: where they kept their resamples, the interval of their paired difference holds
 * 0, or more resamples than it leaves out at an end find them equal; else their own intervals overlap, which is more cautious. True where an interval is missing.
 */
export function isOpen(one: MetricResult, other: MetricResult): boolean {
  if (one.interval === undefined || other.interval === undefined) return true
  const difference = comparable(one, other) ? pairedDifference(one, other) : undefined
  if (difference !== undefined) {
    const { lower, upper, equal, confidence } = difference
    return (lower <= 0 && upper >= 0) || equal > (1 - confidence) / 2
  }
  const [a, b] = [badnessRange(one), badnessRange(other)]
  return a[0] <= b[1] && b[0] <= a[1]
}

/** Whether the items of both came from the same numbers, so that their resamples drew the same ones. */
function comparable(one: MetricResult, other: MetricResult): boolean {
  return (
    one.interval?.figures?.length === other.interval?.figures?.length &&
    one.units.real === other.units.real &&
    one.units.simulated === other.units.simulated
  )
}
