import { selectRows } from '@mop/core/numeric'
import type { Metric } from '../result/metric.ts'
import { cosineHistogram, reweighedHistogram } from './cosine-histogram.ts'
import { checkPair, type Embeddings } from './embeddings.ts'
import { energyDistance, energyDistances, type EnergyOptions } from './energy-distance.ts'
import { frechetDistance } from './frechet-distance.ts'
import { histogramDivergence, type KlCosineOptions } from './kl-cosine.ts'
import { bucketCounts, mauve, mauveOfCounts, type MauveOptions, type MauveScores } from './mauve.ts'
import {
  discrepancies,
  type DiscrepancyOptions,
  maximumMeanDiscrepancy,
  medianDistance,
} from './maximum-mean-discrepancy.ts'
import { vendiScore, type VendiOptions } from './vendi-score.ts'

const rows = {
  size: (sample: Embeddings) => sample.rows,
  select: (sample: Embeddings, items: readonly number[]): Embeddings =>
    sample.data instanceof Float32Array
      ? selectRows({ ...sample, data: sample.data }, items)
      : selectRows({ ...sample, data: sample.data }, items),
}

function tooFew(name: string, real: Embeddings, simulated: Embeddings, least: number, why: string): string[] {
  const n = Math.min(real.rows, simulated.rows)
  return n < least ? [`${name} rests on ${n} items on one side; below ${least} ${why}.`] : []
}

function unequal(name: string, real: Embeddings, simulated: Embeddings): string[] {
  return real.rows === simulated.rows
    ? []
    : [`${name} depends on n, and n is ${real.rows} real and ${simulated.rows} simulated items.`]
}

/** `frechetDistance` for `measure`. A resample costs as much as the value: with 5,000 × 768, about half a second. */
export function fidMetric(): Metric<Embeddings> {
  return {
    ...rows,
    name: 'FID',
    better: 'lower',
    range: [0, Infinity],
    samples: 'both',
    compare: (real, simulated) => ({ value: frechetDistance(real, simulated) }),
    warnings: (real, simulated) => [
      ...tooFew(
        'FID',
        real,
        simulated,
        real.columns,
        'the dimension, the covariance is singular and the bias large',
      ),
      ...unequal('FID', real, simulated),
    ],
  }
}

export interface MauveMetricOptions extends Omit<MauveOptions, 'random'> {
  /** Default `mauve`. */
  readonly score?: keyof MauveScores
}

/** `mauve` for `measure`. Resamples keep the codebook: the interval leaves out its part, which another seed shows. */
export function mauveMetric({ score = 'mauve', ...options }: MauveMetricOptions = {}): Metric<Embeddings> {
  const area = score === 'mauve' || score === 'mauveStar'
  const names = {
    mauve: 'MAUVE',
    mauveStar: 'MAUVE*',
    frontierIntegral: 'frontier integral',
    frontierIntegralStar: 'frontier integral*',
  }
  const name = names[score]
  return {
    ...rows,
    name,
    better: area ? 'higher' : 'lower',
    range: [0, 1],
    samples: 'both',
    compare: (real, simulated, random) => {
      const result = mauve(real, simulated, { ...options, random })
      const { quantisation } = result
      return {
        value: result[score],
        reweigh: (weightings) =>
          weightings.map(
            (weights) =>
              mauveOfCounts(
                bucketCounts(quantisation.real, quantisation.buckets, weights.real),
                bucketCounts(quantisation.simulated, quantisation.buckets, weights.simulated),
                options,
              )[score],
          ),
      }
    },
    warnings: (real, simulated) => [
      ...tooFew(name, real, simulated, 1000, 'it moves much with the sample and the seed'),
      ...unequal(name, real, simulated),
    ],
  }
}

/** `klCosine` for `measure`. For the interval it keeps the bin of every pair: n² / 2 bytes a sample. */
export function klCosineMetric({ bins = 50 }: KlCosineOptions = {}): Metric<Embeddings> {
  return {
    ...rows,
    name: 'KL cosine',
    better: 'lower',
    range: [0, Infinity],
    samples: 'both',
    compare: (real, simulated) => {
      checkPair(real, simulated, 2)
      const first = cosineHistogram(real, bins, true)
      const second = cosineHistogram(simulated, bins, true)
      return {
        value: histogramDivergence(first.counts, second.counts),
        reweigh: (weightings) =>
          weightings.map((weights) => {
            const p = reweighedHistogram(first.binOfPair ?? new Uint8Array(), bins, weights.real)
            const q = reweighedHistogram(second.binOfPair ?? new Uint8Array(), bins, weights.simulated)
            // A resample of copies of one row has no pair.
            return p.some((count) => count > 0) && q.some((count) => count > 0)
              ? histogramDivergence(p, q)
              : Number.NaN
          }),
      }
    },
    warnings: (real, simulated) =>
      tooFew('KL cosine', real, simulated, 100, 'bins stay empty by chance, and each costs much'),
  }
}

/** `maximumMeanDiscrepancy` for `measure`; resamples keep the bandwidth. */
export function mmdMetric(options: DiscrepancyOptions = {}): Metric<Embeddings> {
  return {
    ...rows,
    name: 'MMD²',
    better: 'lower',
    range: options.estimator === 'biased' ? [0, 2] : [-2, 2],
    samples: 'both',
    compare: (real, simulated) => {
      checkPair(real, simulated, 2)
      const fixed = { ...options, bandwidth: options.bandwidth ?? medianDistance(real, simulated) }
      return {
        value: maximumMeanDiscrepancy(real, simulated, fixed),
        reweigh: (weightings) => discrepancies(real, simulated, fixed, weightings),
      }
    },
  }
}

/** `energyDistance` for `measure`. */
export function energyMetric(options: EnergyOptions = {}): Metric<Embeddings> {
  return {
    ...rows,
    name: 'energy distance',
    better: 'lower',
    range: options.estimator === 'biased' ? [0, Infinity] : [-Infinity, Infinity],
    samples: 'both',
    compare: (real, simulated) => ({
      value: energyDistance(real, simulated, options),
      reweigh: (weightings) => energyDistances(real, simulated, options, weightings),
    }),
  }
}

/** `vendiScore` for `measure`. A resample costs as much as the value. */
export function vendiMetric(options: VendiOptions = {}): Metric<Embeddings> {
  return {
    ...rows,
    name: 'Vendi score',
    better: 'near the real',
    range: [1, Infinity],
    samples: 'one',
    compare: (_real, simulated) => ({ value: vendiScore(simulated, options) }),
  }
}
