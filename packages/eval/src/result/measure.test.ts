import { createRandom } from '@mop/core'
import { meanAndStandardError, quantile } from '@mop/core/numeric'
import { describe, expect, test } from 'vitest'
import { totalVariationMetric } from '../choice/choice-metrics.ts'
import type { ChoiceSample } from '../choice/choice-sample.ts'
import { fidMetric, mauveMetric, vendiMetric } from '../embedding/embedding-metrics.ts'
import { nearlyNormal, randomRows } from '../testing/random-rows.ts'
import { nearCopyMetric, selfBleuMetric } from '../text/text-metrics.ts'
import { measure } from './measure.ts'
import { measureByGroup } from './measure-by-group.ts'
import type { Metric } from './metric.ts'

/** The difference of two means, whose interval is known. */
const difference: Metric<readonly number[]> = {
  name: 'difference of means',
  better: 'near 0',
  range: [-Infinity, Infinity],
  samples: 'both',
  size: (sample) => sample.length,
  select: (sample, items) => items.map((item) => sample[item] ?? Number.NaN),
  compare: (real, simulated) => ({
    value: meanAndStandardError(simulated).mean - meanAndStandardError(real).mean,
  }),
}

function numbers(seed: number, count: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => nearlyNormal(random))
}

describe('the interval', () => {
  test('holds the truth about as often as it says', () => {
    let held = 0
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(`coverage ${seed}`)
      const { interval } = measure(difference, numbers(seed, 50), numbers(seed + 5000, 40), { random })
      if (interval !== undefined && interval.lower <= 0 && interval.upper >= 0) held++
    }
    // 95% of 200 is 190; three standard errors are 9.
    expect(held).toBeGreaterThan(180)
    expect(held).toBeLessThan(200)
  })

  test('is as wide as theory says, centred on the value, and wider with more confidence', () => {
    const real = numbers(1, 400)
    const simulated = numbers(2, 300)
    const at = (confidence: number) =>
      measure(difference, real, simulated, { random: createRandom(3), resamples: 1000, confidence })
    const { value, interval } = at(0.95)
    const [one, other] = [meanAndStandardError(real), meanAndStandardError(simulated)]
    const error = Math.hypot(one.standardError, other.standardError)
    expect(((interval?.upper ?? 0) - (interval?.lower ?? 0)) / (2 * 1.96 * error)).toBeCloseTo(1, 1)
    expect(Math.abs(interval?.bias ?? 1)).toBeLessThan(error / 5)
    expect(interval?.lower).toBeLessThan(value)
    expect(interval?.upper).toBeGreaterThan(value)
    const wider = at(0.99).interval
    expect(wider?.lower).toBeLessThan(interval?.lower ?? -Infinity)
    expect(wider?.upper).toBeGreaterThan(interval?.upper ?? Infinity)
  })

  test('resamples whole units: copies of each answer by one respondent add no certainty', () => {
    const real = numbers(1, 60)
    const simulated = numbers(2, 60)
    const four = (sample: readonly number[]) => [...sample, ...sample, ...sample, ...sample]
    const labels = four([...Array(60).keys()])
    const width = (result: ReturnType<typeof measure>) =>
      (result.interval?.upper ?? NaN) - (result.interval?.lower ?? NaN)
    const options = { random: createRandom(4), resamples: 500 }
    const alone = width(measure(difference, real, simulated, options))
    const together = measure(difference, four(real), four(simulated), {
      ...options,
      units: { real: labels, simulated: labels },
    })
    expect(together.units).toEqual({ real: 60, simulated: 60 })
    expect(together.sizes).toEqual({ real: 240, simulated: 240 })
    expect(width(together) / alone).toBeCloseTo(1, 1)
    expect(width(measure(difference, four(real), four(simulated), options)) / alone).toBeCloseTo(0.5, 1)
  })

  test('contains the value of a distance, whose resamples all lie above it', () => {
    const x = randomRows(1, 60, 8)
    const y = randomRows(2, 60, 8, 0.2)
    const { value, interval } = measure(fidMetric(), x, y, { random: createRandom(5), resamples: 40 })
    expect(interval?.bias).toBeGreaterThan(0.1 * value)
    expect(interval?.lower).toBeLessThan(value)
    expect(interval?.upper).toBeGreaterThan(value)
    expect(interval?.lower).toBeGreaterThanOrEqual(0)
  })

  test('is left out on request; resamples without a figure are counted', () => {
    const options = { random: createRandom(6) }
    const result = measure(difference, numbers(1, 50), numbers(2, 50), { ...options, resamples: 0 })
    expect(result.interval).toBeUndefined()
    expect(result.warnings).toEqual([])
    const partly: Metric<readonly number[]> = {
      ...difference,
      compare: (_, simulated) => ({
        value: 1,
        reweigh: (weightings) => weightings.map((_weights, index) => (index < simulated.length ? NaN : 1)),
      }),
    }
    const some = measure(partly, numbers(1, 50), numbers(2, 50), { ...options, resamples: 150 })
    expect(some.interval?.resamples).toBe(100)
    expect(some.warnings).toEqual(['50 of 150 resamples gave no finite figure and were left out.'])
    expect(
      measure(partly, numbers(1, 50), numbers(2, 50), { ...options, resamples: 90 }).interval,
    ).toBeUndefined()
  })
})

describe('the floor', () => {
  test('is what two halves of the real sample score, whoever is simulated', () => {
    const real = randomRows(1, 101, 5)
    const options = { random: createRandom(7), resamples: 0 }
    const near = measure(fidMetric(), real, randomRows(2, 101, 5), options)
    const far = measure(fidMetric(), real, randomRows(2, 80, 5, 3), options)
    expect(near.floor).toEqual(far.floor)
    expect(near.floor).toMatchObject({ from: 'halves', sizes: [50, 51] })
    expect(near.value).toBeLessThan(3 * (near.floor?.value ?? 0))
    expect(far.value).toBeGreaterThan(20 * (far.floor?.value ?? Infinity))
  })

  test('keeps units whole: nobody is on both sides', () => {
    const texts = Array.from(
      { length: 40 },
      (_, index) => `respondent ${Math.floor(index / 2)} says the same thing twice`,
    )
    const options = { random: createRandom(8), resamples: 0 }
    const metric = nearCopyMetric({ overlap: 1 })
    expect(measure(metric, texts, texts, options).floor?.value).toBeGreaterThan(0.3)
    const units = { real: texts }
    expect(measure(metric, texts, texts, { ...options, units }).floor?.value).toBe(0)
  })

  test("of a figure of one sample is the real sample's own at the same n", () => {
    const real = randomRows(1, 90, 5)
    const simulated = randomRows(2, 60, 5)
    const result = measure(vendiMetric(), real, simulated, { random: createRandom(9), resamples: 0 })
    expect(result.sizes).toEqual({ real: 60, simulated: 60 })
    expect(result.floor).toMatchObject({ from: 'real', sizes: [60, 60] })
    expect(result.warnings).toEqual([
      'Rests on 60 of the 90 real items, drawn at random: the figure depends on n.',
    ])
    const more = measure(vendiMetric(), simulated, real, { random: createRandom(9), resamples: 0 })
    expect(more.warnings).toEqual([
      'Rests on 60 of the 90 simulated items, drawn at random: the figure depends on n.',
    ])
  })

  test('is missing where there is nothing to halve', () => {
    const result = measure(difference, [1, 2, 3], [1, 2], { random: createRandom(1), resamples: 0 })
    expect(result.floor).toBeUndefined()
    expect(result.warnings).toEqual(['No floor: 3 real units are too few to halve.'])
  })
})

describe('warnings', () => {
  test('of one unit there is no interval, which would have no width', () => {
    const units = { simulated: ['one', 'one', 'one'] }
    const result = measure(difference, [1, 2, 3, 4], [1, 2, 4], { random: createRandom(1), units })
    expect(result.interval).toBeUndefined()
    expect(result.warnings).toEqual(['No interval: there is one unit on one side, and nothing to draw.'])
  })

  test('FID with n below the dimension, MAUVE below 1,000, unequal n, few units', () => {
    const options = { random: createRandom(1), resamples: 2 }
    const { warnings } = measure(fidMetric(), randomRows(1, 40, 30), randomRows(2, 20, 30), options)
    expect(warnings).toEqual([
      'FID rests on 20 items on one side; below 30 the dimension, the covariance is singular and the bias large.',
      'FID depends on n, and n is 40 real and 20 simulated items.',
      'The interval rests on 20 units on one side; below 30 it is too short.',
      'Floor: FID rests on 20 items on one side; below 30 the dimension, the covariance is singular and the bias large.',
    ])
    const rows = randomRows(1, 60, 3)
    expect(measure(mauveMetric(), rows, rows, options).warnings).toContain(
      'MAUVE rests on 60 items on one side; below 1000 it moves much with the sample and the seed.',
    )
  })
})

test('a seed gives the same result again, another one another', () => {
  const texts = (seed: number) =>
    numbers(seed, 40).map((value) => `it was ${value > 0 ? 'good' : 'bad'}, ${value.toFixed(1)}`)
  const run = (seed: number) => measure(selfBleuMetric(), texts(1), texts(2), { random: createRandom(seed) })
  expect(run(1)).toEqual(run(1))
  expect(run(2).interval).not.toEqual(run(1).interval)
  expect(JSON.parse(JSON.stringify(run(1)))).toEqual(run(1))
})

test('what cannot be measured is refused', () => {
  const random = createRandom(1)
  expect(() => measure(difference, [], [1], { random })).toThrow(/real/)
  expect(() => measure(difference, [1], [1], { random, resamples: -1 })).toThrow(/resamples/)
  expect(() => measure(difference, [1], [1], { random, confidence: 1 })).toThrow(/confidence/)
  expect(() => measure(difference, [1, 2], [1], { random, units: { real: ['a'] } })).toThrow(/units.real/)
})

describe('by group', () => {
  const groupsOf = (count: number) =>
    Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'young' : 'old'))
  const answers = (pick: (index: number) => number): ChoiceSample => ({
    answers: Int32Array.from({ length: 200 }, (_, index) => pick(index)),
    choices: [2],
  })
  const options = { random: createRandom(2), resamples: 50 }

  test('a simulation that mixes the groups up is right overall and wrong in each', () => {
    const groups = { real: groupsOf(200), simulated: groupsOf(200) }
    const result = measureByGroup(
      totalVariationMetric(),
      answers((index) => index % 2),
      answers((index) => 1 - (index % 2)),
      groups,
      options,
    )
    expect(result.overall.value).toBe(0)
    expect([...result.groups].map(([group, { value, sizes }]) => [group, value, sizes.real])).toEqual([
      ['young', 1, 100],
      ['old', 1, 100],
    ])
    expect([...result.onlyReal, ...result.onlySimulated]).toEqual([])
  })

  test('names the groups that one side lacks, and keeps units within groups', () => {
    const real = answers(() => 0)
    const result = measureByGroup(
      totalVariationMetric(),
      real,
      real,
      { real: groupsOf(200), simulated: groupsOf(200).map((group) => (group === 'old' ? 'oldest' : group)) },
      { ...options, units: { real: Array.from({ length: 200 }, (_, index) => index >> 2) } },
    )
    expect(result.onlyReal).toEqual(['old'])
    expect(result.onlySimulated).toEqual(['oldest'])
    expect(result.groups.get('young')?.units).toEqual({ real: 50, simulated: 100 })
    expect(() =>
      measureByGroup(totalVariationMetric(), real, real, { real: ['a'], simulated: [] }, options),
    ).toThrow(/groups.real/)
  })
})

test('quantiles of the resamples are those of the shifted figures', () => {
  const figures = [4, 5, 9, 10]
  const fixed: Metric<readonly number[]> = {
    ...difference,
    range: [-1, 3.5],
    compare: () => ({ value: 2, reweigh: () => figures }),
  }
  const { interval } = measure(fixed, numbers(1, 40), numbers(2, 40), {
    random: createRandom(1),
    resamples: 4,
    confidence: 0.5,
  })
  // Mean 7, so all are shifted by −5; the upper end is cut at the range's.
  expect(interval).toEqual({
    lower: quantile(figures, 0.25) - 5,
    upper: 3.5,
    confidence: 0.5,
    resamples: 4,
    bias: 5,
  })
})
