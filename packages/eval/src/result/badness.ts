import type { MetricResult } from './metric-result.ts'

type Figure = Pick<MetricResult, 'better' | 'value' | 'interval' | 'floor'>

/** How far a figure's value lies from the best there could be, in the figure's units: less is better. Infinity where it is not finite. */
export function badness(figure: Figure): number {
  return badnessAt(figure, figure.value)
}

/** The same of another value of the figure, such as that of a resample. */
export function badnessAt({ better, value, floor }: Figure, other: number): number {
  return Number.isFinite(other) ? badnessOf(other, better, floor?.value ?? value) : Infinity
}

/** What `badness` can be within the figure's interval; nothing but the value's without one. */
export function badnessRange(figure: Figure): readonly [number, number] {
  const { better, value, interval, floor } = figure
  const own = badness(figure)
  if (interval === undefined || own === Infinity) return [own, own]
  const { lower, upper } = interval
  const target = better === 'near 0' ? 0 : better === 'near 1' ? 1 : (floor?.value ?? value)
  const ends = [lower, upper].map((end) => badnessOf(end, better, target))
  const holdsTarget = better.startsWith('near') && lower <= target && target <= upper
  return [holdsTarget ? 0 : Math.min(...ends), Math.max(...ends)]
}

function badnessOf(value: number, better: MetricResult['better'], real: number): number {
  if (better === 'higher') return -value
  if (better === 'near 0') return Math.abs(value)
  if (better === 'near 1') return Math.abs(value - 1)
  if (better === 'near the real') return Math.abs(value - real)
  return value
}
