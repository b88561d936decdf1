import { InvalidArgumentError } from '@mop/core'
import { quantile } from '@mop/core/numeric'
import { badness, badnessAt } from './badness.ts'
import type { MetricResult } from './metric-result.ts'

export interface PairedDifference {
  /** How much farther from the best there could be than the other figure, in the figure's units; negative where it is nearer. */
  readonly value: number
  readonly lower: number
  readonly upper: number
  /** The smaller of the two figures' confidences. */
  readonly confidence: number
  /** Pairs of resamples in which both figures are finite. */
  readonly resamples: number
  /** Share of these in which both figures are equal, as rates of few items often are. */
  readonly equal: number
}

/**
 * How much worse one figure is than another of the same metric, resample by resample. Figures that `measure` made with one stream and
 * `keepResamples` rest in each resample on the same real units, and on simulated items of the same places: what these have in common leaves the
 * difference, so its interval is narrower than those of the figures say. Shifted so that its mean is the difference of the values, as the
 * intervals are. Undefined where either has no resamples, a value that is not finite, or fewer than half of the pairs.
 * @throws InvalidArgumentError for figures of different metrics or numbers of resamples.
 */
export function pairedDifference(figure: MetricResult, other: MetricResult): PairedDifference | undefined {
  const [own, theirs] = [figure.interval, other.interval]
  if (own?.figures === undefined || theirs?.figures === undefined) return undefined
  const named = `${figure.metric}, ${own.figures.length} resamples`
  const found = `${other.metric}, ${theirs.figures.length} resamples`
  if (named !== found) throw new InvalidArgumentError({ argument: 'other', expected: named, found })
  const value = badness(figure) - badness(other)
  if (!Number.isFinite(value)) return undefined
  const differences = own.figures
    .map((one, index) => badnessAt(figure, one) - badnessAt(other, theirs.figures?.[index] ?? Number.NaN))
    .filter((difference) => Number.isFinite(difference))
  if (differences.length * 2 < own.figures.length || differences.length === 0) return undefined
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
  const confidence = Math.min(own.confidence, theirs.confidence)
  const at = (share: number): number => quantile(differences, share) - mean + value
  return {
    value,
    lower: at((1 - confidence) / 2),
    upper: at((1 + confidence) / 2),
    confidence,
    resamples: differences.length,
    equal: differences.filter((difference) => difference === 0).length / differences.length,
  }
}
