import { createRandom, shuffle } from '@mop/core'
import { matrixFromRows, multiply, selectRows, symmetricEigen } from '@mop/core/numeric'
import type { Matrix } from '@mop/core/numeric'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measure } from '../result/measure.ts'
import { unitWeights } from '../result/resample-weights.ts'
import { randomRows } from '../testing/random-rows.ts'
import { cosineHistogram, reweighedHistogram } from './cosine-histogram.ts'
import {
  energyMetric,
  fidMetric,
  klCosineMetric,
  mauveMetric,
  mmdMetric,
  nearestCosineMetric,
  vendiMetric,
} from './embedding-metrics.ts'
import { embeddingsOf, unitRows } from './embeddings.ts'
import { energyDistance } from './energy-distance.ts'
import { embeddingGaussian, frechetDistance, gaussianDistance } from './frechet-distance.ts'
import { klCosine } from './kl-cosine.ts'
import { mauve } from './mauve.ts'
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy.ts'
import { nearestCosines } from './nearest-cosines.ts'
import { vendiScore } from './vendi-score.ts'

const biased = { estimator: 'biased' } as const
const distances: Readonly<Record<string, (x: Matrix, y: Matrix) => number>> = {
  FID: frechetDistance,
  'KL cosine': (x, y) => klCosine(x, y, { bins: 10 }),
  'MMD²': (x, y) => maximumMeanDiscrepancy(x, y, { ...biased, bandwidth: 2 }),
  'energy distance': (x, y) => energyDistance(x, y, biased),
}

/** Two samples, of any sizes on either side of the dimension. */
const pair = fc
  .record({
    columns: fc.integer({ min: 1, max: 8 }),
    seed: fc.nat(1e6),
    sizes: fc.tuple(fc.integer({ min: 2, max: 24 }), fc.integer({ min: 2, max: 24 })),
    mean: fc.double({ min: -2, max: 2, noNaN: true }),
  })
  .map(({ columns, seed, sizes: [n, m], mean }): [Matrix, Matrix] => [
    randomRows(seed, n, columns),
    randomRows(seed + 1, m, columns, mean),
  ])

const runs = { numRuns: 40 }

describe.each(Object.entries(distances))('%s', (name, distance) => {
  const near = (found: number, expected: number) => {
    expect(Math.abs(found - expected)).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected)))
  }

  test('is not negative, and zero for equal samples', () => {
    fc.assert(
      fc.property(pair, ([x, y]) => {
        expect(distance(x, y)).toBeGreaterThanOrEqual(-1e-12)
        expect(Math.abs(distance(x, x))).toBeLessThan(1e-6)
      }),
      runs,
    )
  })

  test('does not change with the order of the rows', () => {
    fc.assert(
      fc.property(pair, fc.nat(100), ([x, y], seed) => {
        const order = shuffle(createRandom(seed), [...Array(x.rows).keys()])
        near(distance(selectRows(x, order), y), distance(x, y))
      }),
      runs,
    )
  })

  test('does not change when both samples are rotated', () => {
    fc.assert(
      fc.property(pair, fc.nat(100), ([x, y], seed) => {
        // A rounding may put a pair on the other side of a bin's edge.
        fc.pre(name !== 'KL cosine' || x.columns > 1)
        const square = randomRows(seed, x.columns + 1, x.columns)
        const { vectors } = symmetricEigen(multiply(square, square, { transposeA: true }))
        near(distance(multiply(x, vectors), multiply(y, vectors)), distance(x, y))
      }),
      runs,
    )
  })

  test('is symmetric, but for a divergence', () => {
    fc.assert(
      fc.property(pair, ([x, y]) => {
        if (name === 'KL cosine') near(distance(x, x), 0)
        else near(distance(x, y), distance(y, x))
      }),
      runs,
    )
  })

  test('sees a shift or a stretch', () => {
    const x = randomRows(1, 60, 4)
    const other = randomRows(2, 60, 4, 2)
    expect(distance(x, other)).toBeGreaterThan(10 * distance(x, randomRows(2, 60, 4)))
  })

  test('refuses samples that cannot be compared', () => {
    const x = randomRows(1, 5, 3)
    expect(() => distance(x, randomRows(1, 5, 4))).toThrow(/same encoder/)
    expect(() => distance(x, randomRows(1, 1, 3))).toThrow(/at least 2 rows/)
    expect(() => distance({ ...x, data: x.data.map((value, at) => (at === 7 ? NaN : value)) }, x)).toThrow(
      /row 2/,
    )
  })
})

describe('FID', () => {
  test('of a shift is its square, and of a stretch (s − 1)² tr Σ', () => {
    fc.assert(
      fc.property(
        pair,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        ([x], shift, stretch) => {
          const { mean, trace } = embeddingGaussian(x)
          const moved = { ...x, data: x.data.map((value) => value + shift) }
          expect(frechetDistance(x, moved)).toBeCloseTo(shift ** 2 * x.columns, 5)
          const about = x.data.map((value, at) => {
            const centre = mean[at % x.columns] as number
            return centre + stretch * (value - centre)
          })
          expect(frechetDistance(x, { ...x, data: about })).toBeCloseTo((stretch - 1) ** 2 * trace, 5)
        },
      ),
      runs,
    )
  })

  test('is the same by factors of few rows and by full covariances', () => {
    // 12 rows in 4 dimensions take the covariance; with 20 columns of zeros more they take the rows.
    const wide = (x: Matrix): Matrix => {
      const data = new Float64Array(x.rows * 24)
      for (let row = 0; row < x.rows; row++) data.set(x.data.subarray(row * 4, row * 4 + 4), row * 24)
      return { rows: x.rows, columns: 24, data }
    }
    const [few, many] = [randomRows(1, 12, 4), randomRows(2, 40, 4, 1)]
    expect('full' in embeddingGaussian(few).covariance).toBe(true)
    expect('factor' in embeddingGaussian(wide(few)).covariance).toBe(true)
    const expected = frechetDistance(few, many)
    expect(frechetDistance(wide(few), wide(few))).toBeCloseTo(0, 6)
    expect(frechetDistance(wide(few), wide(many))).toBeCloseTo(expected, 7)
    expect(frechetDistance(wide(many), wide(few))).toBeCloseTo(expected, 7)
    expect(() => gaussianDistance(embeddingGaussian(few), embeddingGaussian(wide(few)))).toThrow(/dimension/)
  })

  test('of rows that are all alike is the distance of two points', () => {
    const point = (value: number): Matrix => ({ rows: 9, columns: 3, data: new Float64Array(27).fill(value) })
    expect(frechetDistance(point(1), point(3))).toBeCloseTo(12, 12)
  })
})

describe('the cosine histogram', () => {
  test('counts float32 rows as float64 arithmetic on them does', () => {
    const x = randomRows(3, 700, 40)
    const single = { ...x, data: Float32Array.from(x.data) }
    const double = { ...x, data: Float64Array.from(single.data) }
    for (const bins of [1, 50, 256]) {
      expect(cosineHistogram(single, bins)).toEqual(cosineHistogram(double, bins))
    }
  })

  test('does not depend on what estimates the cosines, nor on a second thread', () => {
    for (const x of [randomRows(5, 700, 40), randomRows(6, 1200, 3), randomRows(7, 1100, 900)]) {
      const single = { ...x, data: Float32Array.from(x.data) }
      const estimated = cosineHistogram(single, 64, true)
      expect(estimated.counts.reduce((a, b) => a + b)).toBe((x.rows * (x.rows - 1)) / 2)
      const plain = cosineHistogram(single, 64, true, true)
      expect(estimated.counts).toEqual(plain.counts)
      const [bins, expected] = [estimated.binOfPair, plain.binOfPair]
      expect(bins?.findIndex((bin, pair) => bin !== expected?.[pair])).toBe(-1)
    }
  })

  test('weighs each pair by both rows, and no row with its copies', () => {
    const x = randomRows(4, 30, 3)
    const kept = cosineHistogram(x, 20, true)
    const bins = kept.binOfPair ?? new Uint8Array()
    expect(reweighedHistogram(bins, 20, new Float64Array(30).fill(1))).toEqual(kept.counts)
    const half = Float64Array.from({ length: 30 }, (_, row) => (row < 15 ? 1 : 0))
    const first = selectRows(x, [...Array(15).keys()])
    expect(reweighedHistogram(bins, 20, half)).toEqual(cosineHistogram(first, 20).counts)
    const twice = new Float64Array(30).fill(2)
    expect(reweighedHistogram(bins, 20, twice)).toEqual(kept.counts.map((count) => 4 * count))
  })

  test('puts equal and opposite rows into the end bins, and refuses a row of zeros', () => {
    const ends = embeddingsOf([
      [0.3, 0.4],
      [0.3, 0.4],
      [-3, -4],
    ])
    expect([...cosineHistogram(ends, 4).counts]).toEqual([2, 0, 0, 1])
    expect(() => cosineHistogram(embeddingsOf([[0, 0]]), 4)).toThrow(/row 0/)
    for (const size of [1e200, 1e-160, 1e-200]) {
      const beyond = matrixFromRows([
        [1, 2],
        [size, -size],
      ])
      expect(() => cosineHistogram(beyond, 4)).toThrow(/row 1.*direction/)
      expect(() => unitRows(beyond)).toThrow(/row 1.*direction/)
    }
    expect(() => cosineHistogram(ends, 257)).toThrow(/bins/)
  })
})

describe('Vendi score', () => {
  test('lies between 1 and the number of rows, and does not see copies of the whole', () => {
    fc.assert(
      fc.property(pair, ([x]) => {
        const score = vendiScore(x)
        expect(score).toBeGreaterThan(1 - 1e-9)
        expect(score).toBeLessThan(Math.min(x.rows, x.columns) + 1e-9)
        const all = [...Array(x.rows).keys()]
        expect(vendiScore(selectRows(x, [...all, ...all, ...all]))).toBeCloseTo(score, 8)
        expect(vendiScore(x, { order: 2 })).toBeLessThan(score + 1e-9)
      }),
      runs,
    )
  })

  test('counts orthogonal rows', () => {
    const axes = embeddingsOf([
      [2, 0, 0],
      [0, 5, 0],
      [0, 0, 1],
    ])
    for (const order of [0.5, 1, 2, Infinity]) expect(vendiScore(axes, { order })).toBeCloseTo(3, 12)
    expect(() => vendiScore(axes, { order: 0 })).toThrow(/order/)
  })
})

describe('MAUVE', () => {
  const random = () => createRandom(1)

  test('lies in (0, 1]; 1 for equal samples, whatever the order of their rows; a seed gives it again', () => {
    fc.assert(
      fc.property(pair, fc.nat(100), ([x, y], seed) => {
        const result = mauve(x, y, { random: createRandom(seed) })
        for (const score of [result.mauve, result.mauveStar]) {
          expect(score).toBeGreaterThan(0)
          expect(score).toBeLessThan(1 + 1e-9)
        }
        expect(result.frontierIntegral).toBeGreaterThanOrEqual(0)
        expect(result.frontierIntegral).toBeLessThan(1 + 1e-9)
        const order = shuffle(createRandom(seed), [...Array(x.rows).keys()])
        expect(mauve(x, selectRows(x, order), { random: random() }).mauve).toBeCloseTo(1, 9)
        expect(mauve(x, y, { random: createRandom(seed) })).toEqual(result)
      }),
      runs,
    )
  })

  test('does not see the length of rows, but their direction', () => {
    const x = randomRows(5, 80, 4)
    const y = randomRows(6, 80, 4, 0.3)
    const { mauve: score } = mauve(unitRows(x), unitRows(y), { random: random() })
    const longer = { ...y, data: y.data.map((value) => 16 * value) }
    expect(mauve(x, longer, { random: random() }).mauve).toBeCloseTo(score, 6)
  })

  test('refuses options out of range', () => {
    const x = randomRows(1, 5, 3)
    expect(() => mauve(x, x, { random: random(), explainedVariance: 0 })).toThrow(/explainedVariance/)
    expect(() => mauve(x, x, { random: random(), scaling: 0 })).toThrow(/scaling/)
    expect(() => mauve(x, x, { random: random(), points: 1 })).toThrow(/points/)
  })
})

describe('MMD² and energy distance', () => {
  test('unbiased, have mean 0 over samples of one population', () => {
    const all = Array.from(
      { length: 60 },
      (_, seed) => [randomRows(seed, 12, 3), randomRows(seed + 999, 12, 3)] as const,
    )
    for (const [distance, limit] of [
      [(x: Matrix, y: Matrix) => maximumMeanDiscrepancy(x, y, { bandwidth: 2 }), 0.01],
      [(x: Matrix, y: Matrix) => energyDistance(x, y), 0.03],
    ] as const) {
      const mean = all.reduce((sum, [x, y]) => sum + distance(x, y), 0) / all.length
      expect(Math.abs(mean)).toBeLessThan(limit)
    }
  })

  test('refuse a bandwidth that is not positive', () => {
    const x = randomRows(1, 5, 3)
    expect(() => maximumMeanDiscrepancy(x, x, { bandwidth: 0 })).toThrow(/bandwidth/)
  })
})

describe('nearest cosines', () => {
  test('find each copy, scaled or not', () => {
    const known = randomRows(7, 40, 6)
    const copies = selectRows({ ...known, data: known.data.map((value) => 3 * value) }, [4, 9])
    const { cosines, sources, rate } = nearestCosines(copies, known)
    expect([...sources]).toEqual([4, 9])
    expect(cosines[0]).toBeCloseTo(1, 12)
    expect(rate).toBe(1)
    expect(nearestCosines(randomRows(8, 30, 6), known, 1).rate).toBe(0)
    expect(() => nearestCosines(copies, randomRows(1, 3, 5))).toThrow(/dimension/)
    expect(() => nearestCosines(copies, known, 2)).toThrow(/threshold/)
  })
})

describe('the rate of near cosines for measure', () => {
  const real = randomRows(7, 120, 6)
  const fresh = randomRows(8, 120, 6)
  const options = { random: createRandom(1), resamples: 60 }
  const threshold = 0.999

  test('is the share of copies, beside the rate of real rows that repeat one another', () => {
    const half = Array.from({ length: 120 }, (_, row) => row)
    const data = fresh.data.slice()
    data.set(real.data.subarray(0, 60 * 6))
    const copying = { ...fresh, data }
    const found = measure(nearestCosineMetric({ threshold }), real, copying, options)
    expect(found.value).toBe(0.5)
    expect(found.floor).toMatchObject({ value: 0, from: 'halves', sizes: [60, 60] })
    // Binomial: 0.5 ± 1.96 √(¼ / 120).
    expect(found.interval?.lower).toBeGreaterThan(0.35)
    expect(found.interval?.lower).toBeLessThan(0.47)
    expect(found.warnings).toEqual([
      'Floor: Near-cosine rate rests on 60 items on one side; below 100 a copy more or less moves it by a percent or more.',
    ])
    const twice = selectRows(real, [...half, ...half])
    expect(measure(nearestCosineMetric({ threshold }), twice, fresh, options).floor?.value).toBeGreaterThan(
      0.3,
    )
  })

  test('counts copies of what was shown, and warns of few known rows', () => {
    const found = measure(nearestCosineMetric({ threshold, shown: fresh }), real, fresh, options)
    expect(found.value).toBe(1)
    expect(measure(nearestCosineMetric({ threshold }), real, fresh, options).value).toBe(0)
    const few = selectRows(real, [0, 1, 2, 3])
    expect(measure(nearestCosineMetric(), few, fresh, options).warnings.join()).toContain(
      'grows with the known',
    )
  })
})

test('every metric of embeddings reweighs equal weights to its own value', () => {
  const x = randomRows(11, 40, 5)
  const y = randomRows(12, 30, 5, 0.5)
  const all = [
    klCosineMetric(),
    mauveMetric({ buckets: 6 }),
    mauveMetric({ buckets: 6, score: 'frontierIntegralStar' }),
    mmdMetric(),
    mmdMetric(biased),
    energyMetric(),
    energyMetric(biased),
    nearestCosineMetric({ threshold: 0.8 }),
  ]
  for (const metric of all) {
    const { value, reweigh } = metric.compare(x, y, createRandom(1))
    const [again] = Array.from(reweigh?.([unitWeights(40, 30)]) ?? [])
    expect(again).toBeCloseTo(value, 10)
  }
  // These have no shorter way than to compare the resample anew.
  for (const metric of [fidMetric(), vendiMetric()]) {
    expect(metric.compare(x, y, createRandom(1)).reweigh).toBeUndefined()
  }
})
