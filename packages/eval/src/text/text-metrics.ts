import { InvalidArgumentError } from '@mop/core'
import type { Metric } from '../result/metric.ts'
import { distinctN, type DistinctOptions } from './distinct-n.ts'
import { meanShift, wordCounts } from './mean-shift.ts'
import { type NearCopyOptions, nearCopies } from './near-copies.ts'
import { selfBleuOfEach, type SelfBleuOptions } from './self-bleu.ts'

type Texts = readonly string[]

const texts = {
  size: (sample: Texts) => sample.length,
  select: (sample: Texts, items: readonly number[]): Texts => items.map((item) => sample[item] as string),
}

/** `selfBleu` for `measure`. Resamples weigh the texts' own scores, each against all other texts of the sample. */
export function selfBleuMetric(options: SelfBleuOptions = {}): Metric<Texts> {
  return {
    ...texts,
    name: 'self-BLEU-4',
    better: 'near the real',
    range: [0, 1],
    samples: 'one',
    compare: (_real, simulated) => {
      const scores = selfBleuOfEach(simulated, options)
      return {
        value: weightedMean(scores),
        reweigh: (weightings) => weightings.map((weights) => weightedMean(scores, weights.simulated)),
      }
    },
  }
}

/** `distinctN` for `measure`. */
export function distinctMetric(order: number, options: DistinctOptions = {}): Metric<Texts> {
  return {
    ...texts,
    name: `distinct-${order}`,
    better: 'near the real',
    range: [0, 1],
    samples: 'one',
    compare: (_real, simulated) => ({ value: distinctN(simulated, order, options) }),
  }
}

/** The standardised difference of `lengthShift` for `measure`. */
export function lengthShiftMetric(): Metric<Texts> {
  return shiftMetric('length shift', wordCounts)
}

/** The standardised difference of `valenceShift` for `measure`. @param valenceOf how positive a text is, finite. */
export function valenceShiftMetric(valenceOf: (text: string) => number): Metric<Texts> {
  return shiftMetric('valence shift', (sample) => Float64Array.from(sample, valenceOf))
}

function shiftMetric(name: string, valuesOf: (sample: Texts) => Float64Array): Metric<Texts> {
  return {
    ...texts,
    name,
    better: 'near 0',
    range: [-Infinity, Infinity],
    samples: 'both',
    compare: (real, simulated) => {
      const first = valuesOf(real)
      const second = valuesOf(simulated)
      return {
        value: meanShift(first, second).standardised,
        reweigh: (weightings) => weightings.map((weights) => meanShift(first, second, weights).standardised),
      }
    },
  }
}

export interface NearCopyMetricOptions extends NearCopyOptions {
  /** Texts that were shown to the model, such as exemplars: repeating one of them is copying too. Default none. */
  readonly shown?: readonly string[]
}

/** The rate of `nearCopies` for `measure`, against the real sample's texts and those shown. The floor is one half against the other. */
export function nearCopyMetric({ shown = [], ...options }: NearCopyMetricOptions = {}): Metric<Texts> {
  const compare = (known: Texts, simulated: Texts) => {
    if (simulated.length === 0)
      throw new InvalidArgumentError({ argument: 'simulated', expected: 'at least one text', found: 0 })
    const { rate, isCopy } = nearCopies(simulated, known, options)
    return {
      value: rate,
      reweigh: (weightings: readonly { readonly simulated: Float64Array }[]) =>
        weightings.map((weights) => weightedMean(isCopy, weights.simulated)),
    }
  }
  return {
    ...texts,
    name: 'near-copy rate',
    better: 'lower',
    range: [0, 1],
    samples: 'both',
    compare: (real, simulated) => compare([...real, ...shown], simulated),
    compareHalves: compare,
  }
}

function weightedMean(values: ArrayLike<number>, weights?: Float64Array): number {
  let sum = 0
  let total = 0
  for (let index = 0; index < values.length; index++) {
    const weight = weights === undefined ? 1 : (weights[index] as number)
    sum += weight * (values[index] as number)
    total += weight
  }
  return sum / total
}
