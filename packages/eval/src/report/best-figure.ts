import type { MetricResult } from '../result/metric-result.ts'

/** The place of the figure that lies best; −1 for fewer than two. Says nothing of whether it is clearly better: intervals do. */
export function bestFigure(figures: readonly (MetricResult | undefined)[]): number {
  const distances = figures.map((figure) => (figure === undefined ? Infinity : distanceOf(figure)))
  const known = distances.filter((distance) => distance < Infinity)
  return known.length < 2 ? -1 : distances.indexOf(Math.min(...known))
}

function distanceOf({ better, value, floor }: MetricResult): number {
  if (Number.isNaN(value)) return Infinity
  if (better === 'higher') return -value
  if (better === 'near 0') return Math.abs(value)
  if (better === 'near 1') return Math.abs(value - 1)
  if (better === 'near the real') return Math.abs(value - (floor?.value ?? value))
  return value
}
