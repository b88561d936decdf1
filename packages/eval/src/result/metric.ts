import type { Random } from '@mop/core'
import type { ResampleWeights } from './resample-weights.ts'

/** Where the best value lies: `near the real` where only the real sample's own figure says so. */
export type Better = 'lower' | 'higher' | 'near 0' | 'near 1' | 'near the real'

/** A figure of two samples, and what it would be had other items been drawn. */
export interface Comparison {
  readonly value: number
  /** The figure under each weighting of the items. Where it is missing, resamples are compared from the start. */
  reweigh?(weightings: readonly ResampleWeights[]): ArrayLike<number>
  /** The figure of the same items with other seeds, where it has a random part of its own; the value among them. Asked for of the value, not of floors. */
  spread?(): { readonly over: string; readonly values: readonly number[] }
}

/** A figure that `measure` can give an interval and a floor. Yours is an object with these members. */
export interface Metric<Sample> {
  readonly name: string
  readonly better: Better
  /** Least and greatest possible value. */
  readonly range: readonly [number, number]
  /** `one`: of the simulated sample alone, to be read beside the real one's. */
  readonly samples: 'both' | 'one'
  /** False where nothing real can be compared with the real sample, so that there is no floor. Default true. */
  readonly floored?: false
  /** Number of items. */
  size(sample: Sample): number
  /** The items at these places, in this order; a place may come more than once. */
  select(sample: Sample, items: readonly number[]): Sample
  compare(real: Sample, simulated: Sample, random: Random): Comparison
  /** The figure of two halves of the real sample; NaN where they cannot be compared. Default their comparison. */
  compareHalves?(first: Sample, second: Sample, random: Random): Comparison
  /** Why these samples are too small or too unlike in size for the figure; empty where they are not. */
  warnings?(real: Sample, simulated: Sample): readonly string[]
}
