import { InvalidArgumentError } from '@mop/core'
import { meanAndStandardError, selectRows } from '@mop/core/numeric'
import type { Comparison, Metric } from '../result/metric.ts'
import { cosineHistogram, reweighedHistogram } from './cosine-histogram.ts'
import { checkPair, type Embeddings } from './embeddings.ts'
import { energyDistance, energyDistances, type EnergyOptions } from './energy-distance.ts'
import { frechetDistance } from './frechet-distance.ts'
import { histogramDivergence, type KlCosineOptions } from './kl-cosine.ts'
import {
  bucketCounts,
  mauveOfCounts,
  mauveOfQuantisation,
  type MauveOptions,
  type MauveScores,
} from './mauve.ts'
import {
  discrepancies,
  type DiscrepancyOptions,
  maximumMeanDiscrepancy,
  medianDistance,
} from './maximum-mean-discrepancy.ts'
import { nearestCosines } from './nearest-cosines.ts'
import { pooledRows } from './pooled-rows.ts'
import { embeddingQuantiser } from './quantise-embeddings.ts'
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
  /** Codebooks, each of another seed, whose scores make the `spread` of the result; the value is the first one's. 1 for no spread. Default 5. */
  readonly seeds?: number
}

/**
 * `mauve` for `measure`. Resamples keep the codebook: the interval leaves out its part, which `spread` shows. A further seed costs one more k-means of
 * the same principal components.
 * @throws InvalidArgumentError for `seeds` that is no integer ≥ 1.
 */
export function mauveMetric({
  score = 'mauve',
  seeds = 5,
  ...options
}: MauveMetricOptions = {}): Metric<Embeddings> {
  if (!Number.isInteger(seeds) || seeds < 1)
    throw new InvalidArgumentError({ argument: 'seeds', expected: 'an integer ≥ 1', found: seeds })
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
      const quantise = embeddingQuantiser(real, simulated, options)
      const result = mauveOfQuantisation(quantise(random), options)
      const { quantisation } = result
      return {
        value: result[score],
        ...(seeds > 1 && {
          spread: () => ({
            over: 'clustering seeds',
            values: [
              result[score],
              ...Array.from({ length: seeds - 1 }, (_, index) => {
                const other = quantise(random.fork(`clustering ${index + 2}`))
                return mauveOfQuantisation(other, options)[score]
              }),
            ],
          }),
        }),
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

export interface NearestCosineMetricOptions {
  /** A cosine from −1 to 1 from which on a response counts as a copy. Default 0.95. */
  readonly threshold?: number
  /** Texts that were shown to the model, such as exemplars, of the same encoder: repeating one of them is copying too. Default none. */
  readonly shown?: Embeddings
}

/**
 * The rate of `nearestCosines` for `measure`, against the real sample's rows and those shown. Resamples draw the simulated rows and keep what is known.
 * The floor is one half of the real rows against the other: what a threshold counts as copying although nobody copied.
 */
export function nearestCosineMetric({
  threshold,
  shown,
}: NearestCosineMetricOptions = {}): Metric<Embeddings> {
  const compare = (known: Embeddings, simulated: Embeddings): Comparison => {
    const { rate, cosines, threshold: least } = nearestCosines(simulated, known, threshold)
    const isCopy = cosines.map((cosine) => (cosine >= least - 1e-6 ? 1 : 0))
    return {
      value: rate,
      reweigh: (weightings) =>
        weightings.map(({ simulated: weights }) => meanAndStandardError(isCopy, weights).mean),
    }
  }
  return {
    ...rows,
    name: 'near-cosine rate',
    better: 'lower',
    range: [0, 1],
    samples: 'both',
    compare: (real, simulated) =>
      compare(shown === undefined || shown.rows === 0 ? real : pooledRows(real, shown), simulated),
    compareHalves: compare,
    warnings: (real, simulated) => [
      ...tooFew(
        'Near-cosine rate',
        real,
        simulated,
        100,
        'a copy more or less moves it by a percent or more',
      ),
      ...(real.rows < simulated.rows / 2
        ? [
            `Near-cosine rate grows with the known texts: of ${real.rows} real items fewer copies are found than of as many as the ${simulated.rows} simulated.`,
          ]
        : []),
    ],
  }
}
