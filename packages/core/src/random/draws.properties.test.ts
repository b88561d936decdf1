import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { categorical } from './categorical.ts'
import { normal } from './normal.ts'
import { createRandom } from './random.ts'
import { shuffle } from './shuffle.ts'
import { systematicCounts } from './systematic-counts.ts'
import { systematicSample } from './systematic-sample.ts'
import { uniformInt } from './uniform-int.ts'

const seeds = fc.integer()
const weightVectors = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 100, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  })
  .filter((weights) => weights.some((weight) => weight > 0))

function increment(counts: number[] | Int32Array | Float64Array, index: number, by = 1) {
  counts[index] = (counts[index] as number) + by
}

/** The χ² statistic of counts against expected counts; 5 standard deviations above its mean is the limit below. */
function expectFrequencies(counts: ArrayLike<number>, expected: readonly number[]) {
  let statistic = 0
  let cells = 0
  expected.forEach((count, index) => {
    if (count === 0) {
      expect(counts[index]).toBe(0)
      return
    }
    statistic += ((counts[index] as number) - count) ** 2 / count
    cells++
  })
  const freedom = cells - 1
  expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 10)
}

test('the same seed gives the same stream; other seeds, labels and types of seed others', () => {
  fc.assert(
    fc.property(seeds, fc.string(), fc.string(), (seed, label, other) => {
      const a = createRandom(seed)
      const b = createRandom(seed)
      const first = Array.from({ length: 5 }, () => a.next())
      expect(Array.from({ length: 5 }, () => b.next())).toEqual(first)
      expect(createRandom(String(seed)).next()).not.toBe(first[0])
      expect(createRandom(seed + 1).next()).not.toBe(first[0])
      // A fork depends on seed and label only, and leaves its parent where it was.
      expect(a.fork(label).next()).toBe(createRandom(seed).fork(label).next())
      expect(a.next()).toBe(b.next())
      if (label !== other) expect(a.fork(label).next()).not.toBe(a.fork(other).next())
    }),
  )
})

test('numbers are in [0, 1), uniform to 53 bits, uncorrelated between streams', () => {
  const random = createRandom('uniformity')
  const cells = new Int32Array(64)
  const lowBits = new Int32Array(16)
  let serial = 0
  let between = 0
  let previous = 0.5
  const n = 64_000
  for (let draw = 0; draw < n; draw++) {
    const value = random.next()
    expect(value >= 0 && value < 1).toBe(true)
    increment(cells, Math.floor(value * 64))
    increment(lowBits, (value * 2 ** 53) % 16)
    serial += (value - 0.5) * (previous - 0.5)
    between += (value - 0.5) * (random.fork(String(draw)).next() - 0.5)
    previous = value
  }
  expectFrequencies(cells, Array(64).fill(n / 64))
  expectFrequencies(lowBits, Array(16).fill(n / 16))
  const deviation = Math.sqrt(n) / 12
  expect(Math.abs(serial)).toBeLessThan(5 * deviation)
  expect(Math.abs(between)).toBeLessThan(5 * deviation)
})

test('uniformInt stays below its bound and is uniform', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
      const value = uniformInt(createRandom(seed), bound)
      expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true)
    }),
  )
  const random = createRandom(7)
  const counts = new Int32Array(7)
  for (let draw = 0; draw < 7000; draw++) increment(counts, uniformInt(random, 7))
  expectFrequencies(counts, Array(7).fill(1000))
  for (const bound of [0, -1, 1.5, NaN, 2 ** 33]) {
    expect(() => uniformInt(random, bound)).toThrow(InvalidArgumentError)
  }
})

test('normal has the mean, variance, skewness and kurtosis of the standard normal', () => {
  const random = createRandom(3)
  const n = 40_000
  const moments = [0, 0, 0, 0, 0]
  for (let draw = 0; draw < n; draw++) {
    const value = normal(random)
    for (let power = 1; power <= 4; power++) increment(moments, power, value ** power / n)
  }
  // Variances of the powers of a normal: 1, 2, 15, 96.
  expect(Math.abs(moments[1] as number)).toBeLessThan(5 * Math.sqrt(1 / n))
  expect(Math.abs((moments[2] as number) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
  expect(Math.abs(moments[3] as number)).toBeLessThan(5 * Math.sqrt(15 / n))
  expect(Math.abs((moments[4] as number) - 3)).toBeLessThan(5 * Math.sqrt(96 / n))
})

test('shuffle permutes a copy, every order alike', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.integer()), (seed, values) => {
      const before = [...values]
      const shuffled = shuffle(createRandom(seed), values)
      expect(values).toEqual(before)
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b))
    }),
  )
  const random = createRandom(11)
  const counts = new Map<string, number>()
  for (let draw = 0; draw < 6000; draw++) {
    const order = shuffle(random, 'abc').join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expectFrequencies([...counts.values()], Array(6).fill(1000))
})

test('categorical follows its weights and never draws a weight of zero', () => {
  fc.assert(
    fc.property(seeds, weightVectors, (seed, weights) => {
      expect(weights[categorical(createRandom(seed), weights)]).toBeGreaterThan(0)
    }),
  )
  const random = createRandom(5)
  const weights = [0, 1, 2, 0, 4, 3, 0]
  const counts = new Int32Array(7)
  for (let draw = 0; draw < 10_000; draw++) increment(counts, categorical(random, weights))
  expectFrequencies(
    counts,
    weights.map((weight) => weight * 1000),
  )
  for (const wrong of [[], [0, 0], [1, -1], [NaN], [Infinity]]) {
    expect(() => categorical(random, wrong)).toThrow(InvalidArgumentError)
  }
})

test('systematicSample has a fixed size, no repeats, and the given inclusion probabilities', () => {
  fc.assert(
    fc.property(seeds, weightVectors, fc.integer({ min: 1, max: 10 }), (seed, weights, size) => {
      const sum = weights.reduce((a, b) => a + b, 0)
      const inclusion = weights.map((weight) => Math.min(1, (size * weight) / sum))
      const total = inclusion.reduce((a, b) => a + b, 0)
      const chosen = systematicSample(createRandom(seed), inclusion)
      expect(new Set(chosen).size).toBe(chosen.length)
      expect(Math.abs(chosen.length - total)).toBeLessThan(1)
      if (Math.abs(total - size) < 1e-9) expect(chosen.length).toBe(size)
      for (const index of chosen) expect(inclusion[index]).toBeGreaterThan(0)
      inclusion.forEach((probability, index) => {
        if (probability === 1) expect(chosen).toContain(index)
      })
    }),
  )
  const random = createRandom(13)
  const inclusion = [0.1, 0.5, 1, 0, 0.9, 0.25, 0.25]
  const counts = new Float64Array(7)
  const n = 10_000
  for (let draw = 0; draw < n; draw++) {
    for (const index of systematicSample(random, inclusion)) increment(counts, index)
  }
  inclusion.forEach((probability, index) => {
    const deviation = Math.sqrt(n * probability * (1 - probability))
    expect(Math.abs((counts[index] as number) - n * probability)).toBeLessThanOrEqual(5 * deviation)
  })
  expect(() => systematicSample(random, [0.5, 1.5])).toThrow(InvalidArgumentError)
})

test('systematicCounts sum to the total, within one of their expectation and right on average', () => {
  fc.assert(
    fc.property(seeds, weightVectors, fc.integer({ min: 0, max: 1000 }), (seed, weights, total) => {
      const counts = systematicCounts(createRandom(seed), weights, total)
      const sum = weights.reduce((a, b) => a + b, 0)
      expect(counts.reduce((a, b) => a + b, 0)).toBe(total)
      weights.forEach((weight, index) => {
        expect(Math.abs((counts[index] as number) - (total * weight) / sum)).toBeLessThan(1 + 1e-9 * total)
        if (weight === 0) expect(counts[index]).toBe(0)
      })
    }),
  )
  const random = createRandom(17)
  const weights = [0.13, 0.57, 0.3]
  const totals = new Float64Array(3)
  const n = 10_000
  for (let draw = 0; draw < n; draw++) {
    systematicCounts(random, weights, 5).forEach((count, index) => increment(totals, index, count))
  }
  // Each count takes two neighbouring values, so its standard deviation is at most 1/2.
  weights.forEach((weight, index) => {
    expect(Math.abs((totals[index] as number) / n - 5 * weight)).toBeLessThan((5 * 0.5) / Math.sqrt(n))
  })
})
