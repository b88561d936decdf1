import type { Better } from './metric.ts'

/** Two numbers of items or of units. */
export interface Sizes {
  readonly real: number
  readonly simulated: number
}

export interface BootstrapInterval {
  readonly lower: number
  readonly upper: number
  /** Such as 0.95. */
  readonly confidence: number
  /** Resamples that gave a finite figure. */
  readonly resamples: number
  /** Mean of the resamples' figures less the value: how much a second draw from the sample itself adds. */
  readonly bias: number
  /** The figure of each resample, not shifted, NaN (null in JSON) where it is not finite. Only with `keepResamples`, for `pairedDifference`. */
  readonly figures?: readonly number[]
}

export interface MetricFloor {
  readonly value: number
  /** `halves`: two random halves of the real sample; `real`: the real sample's own figure at the simulated one's size. */
  readonly from: 'halves' | 'real'
  /** Items on either side; of `real`, the same on both. */
  readonly sizes: readonly [number, number]
}

/** How far a figure moves with its own seed alone. */
export interface MetricSpread {
  /** What the seed is of, such as `clustering seeds`. */
  readonly over: string
  readonly runs: number
  readonly mean: number
  /** Of the runs, with n − 1. */
  readonly standardDeviation: number
  readonly least: number
  readonly greatest: number
}

/** A figure with all that it takes to judge it. Plain data: it can be written as JSON, where infinities become null. */
export interface MetricResult {
  readonly metric: string
  readonly better: Better
  readonly range: readonly [number, number]
  readonly value: number
  /** Missing where none was asked for, a side has one unit, or fewer than half of the resamples gave a figure. */
  readonly interval?: BootstrapInterval
  /** Of a figure with a random part of its own, which the interval leaves out. */
  readonly spread?: MetricSpread
  /** What real data score against real data. Missing where the real sample is too small to halve. */
  readonly floor?: MetricFloor
  /** The items that the value rests on. */
  readonly sizes: Sizes
  /** The respondents, or whatever was resampled. */
  readonly units: Sizes
  readonly warnings: readonly string[]
}
