import fc from 'fast-check'
import { expect, test } from 'vitest'
import { categorical } from '../random/categorical.ts'
import { createRandom } from '../random/random.ts'
import { aggregateChoices, type ComponentAnswer } from './aggregate-choices.ts'
import { wilsonInterval } from './wilson-interval.ts'

const yesNo = ['yes', 'no']

test('Σ π Ω p, worked by hand; exact probabilities have no error', () => {
  const result = aggregateChoices(yesNo, [
    { weight: 0.75, probabilities: [0.2, 0.8] },
    { weight: 0.25, probabilities: [1, 0] },
  ])
  expect(Array.from(result.probabilities)).toEqual([0.4, 0.6000000000000001])
  expect(Array.from(result.standardErrors)).toEqual([0, 0])
  expect(result.intervals[0]).toEqual({ lower: 0.4, upper: 0.4 })
})

test('given errors and counts, by the delta method', () => {
  const { standardErrors } = aggregateChoices(yesNo, [
    { weight: 3, probabilities: [0.2, 0.8], standardErrors: [0.04, 0.02] },
    { weight: 1, probabilities: [0.5, 0.5], draws: 25 },
  ])
  expect(standardErrors[0]).toBeCloseTo(Math.hypot(0.75 * 0.04, 0.25 * 0.1), 12)
  expect(standardErrors[1]).toBeCloseTo(Math.hypot(0.75 * 0.02, 0.25 * 0.1), 12)
})

test('an answer that nobody gave has an interval all the same, where answers were counted', () => {
  const counted = aggregateChoices(yesNo, [
    { weight: 1, probabilities: [0, 1], draws: 10 },
    { weight: 1, probabilities: [0, 1], draws: 10 },
  ])
  expect(counted.intervals[0]).toEqual(wilsonInterval(0, 20, 0.95))
  const given = aggregateChoices(yesNo, [{ weight: 1, probabilities: [0, 1], standardErrors: [0.1, 0.1] }])
  expect(given.intervals[0]).toEqual({ lower: 0, upper: expect.closeTo(0.196, 4) })
})

test('drawn components: the spread between draws, with equal weights s / √n', () => {
  const components = [0.1, 0.3, 0.8].map((p) => ({ weight: 1, probabilities: [p, 1 - p] }))
  const { probabilities, standardErrors } = aggregateChoices(yesNo, components, { components: 'drawn' })
  expect(probabilities[0]).toBeCloseTo(0.4, 12)
  expect(standardErrors[0]).toBeCloseTo(Math.sqrt((0.09 + 0.01 + 0.16) / 2 / 3), 12)
  const [first] = components
  const one = aggregateChoices(yesNo, first === undefined ? [] : [first], { components: 'drawn' })
  expect(one.standardErrors[0]).toBeNaN()
  expect(one.intervals[0]).toEqual({ lower: 0, upper: 1 })
})

const component = fc
  .record({
    weight: fc.double({ min: 0.01, max: 10, noNaN: true }),
    parts: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 3 }),
    draws: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ weight, parts, draws }): ComponentAnswer => {
    const total = parts.reduce((a, b) => a + b, 0)
    return { weight, probabilities: parts.map((part) => part / total), draws }
  })
const components = fc.array(component, { minLength: 1, maxLength: 8 })
const three = ['a', 'b', 'c']

test('sums to one, lies among the components, and intervals hold it', () => {
  fc.assert(
    fc.property(components, fc.constantFrom('all', 'drawn'), (given, mode) => {
      const { probabilities, intervals } = aggregateChoices(three, given, { components: mode })
      expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      for (const [choice, probability] of probabilities.entries()) {
        const values = given.map((each) => each.probabilities[choice] ?? Number.NaN)
        expect(probability).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12)
        expect(probability).toBeLessThanOrEqual(Math.max(...values) + 1e-12)
        const { lower, upper } = intervals[choice] ?? { lower: Number.NaN, upper: Number.NaN }
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(lower).toBeLessThanOrEqual(probability)
        expect(upper).toBeGreaterThanOrEqual(probability)
        expect(upper).toBeLessThanOrEqual(1)
      }
    }),
  )
})

test('the scale of the weights and the order of the components do not matter', () => {
  fc.assert(
    fc.property(components, fc.double({ min: 0.01, max: 100, noNaN: true }), (given, scale) => {
      const result = aggregateChoices(three, given)
      const other = aggregateChoices(
        three,
        given.toReversed().map((each) => ({ ...each, weight: each.weight * scale })),
      )
      for (const choice of three.keys()) {
        expect(other.probabilities[choice]).toBeCloseTo(result.probabilities[choice] ?? Number.NaN, 10)
        expect(other.standardErrors[choice]).toBeCloseTo(result.standardErrors[choice] ?? Number.NaN, 10)
      }
    }),
  )
})

/** Mean and standard deviation over repetitions of an experiment. */
function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return {
    mean,
    deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)),
  }
}

const truth = [
  { weight: 0.5, probabilities: [0.1, 0.9] },
  { weight: 0.3, probabilities: [0.5, 0.5] },
  { weight: 0.2, probabilities: [0.8, 0.2] },
]
const repetitions = 2000

test('standard errors of counted components agree with a Monte Carlo', () => {
  const random = createRandom('counted')
  const draws = 40
  const results = Array.from({ length: repetitions }, () =>
    aggregateChoices(
      yesNo,
      truth.map(({ weight, probabilities }) => {
        let yes = 0
        for (let draw = 0; draw < draws; draw++) if (categorical(random, probabilities) === 0) yes++
        return { weight, probabilities: [yes / draws, 1 - yes / draws], draws }
      }),
    ),
  )
  const { mean, deviation } = spread(results.map(({ probabilities }) => probabilities[0] ?? Number.NaN))
  const claimed = spread(results.map(({ standardErrors }) => standardErrors[0] ?? Number.NaN)).mean
  expect(mean).toBeCloseTo(0.36, 2)
  // A standard deviation of 2,000 repetitions is known to 1.6%; the plug-in variance is low by a factor 1 − 1/40.
  expect(Math.abs(claimed / deviation - 1)).toBeLessThan(0.06)
  const covered = results.filter(
    ({ intervals: [first] }) => first !== undefined && first.lower <= 0.36 && 0.36 <= first.upper,
  )
  expect(Math.abs(covered.length / repetitions - 0.95)).toBeLessThan(0.025)
})

test('standard errors of drawn components agree with a Monte Carlo', () => {
  const random = createRandom('drawn')
  const weights = truth.map(({ weight }) => weight)
  const results = Array.from({ length: repetitions }, () => {
    const drawn = Array.from({ length: 60 }, () => ({
      weight: 1,
      probabilities: truth[categorical(random, weights)]?.probabilities ?? [],
    }))
    return aggregateChoices(yesNo, drawn, { components: 'drawn' })
  })
  const { mean, deviation } = spread(results.map(({ probabilities }) => probabilities[0] ?? Number.NaN))
  const claimed = spread(results.map(({ standardErrors }) => standardErrors[0] ?? Number.NaN)).mean
  expect(mean).toBeCloseTo(0.36, 2)
  expect(Math.abs(claimed / deviation - 1)).toBeLessThan(0.06)
})

test('Wilson, 10 in 20', () => {
  // The formula in Python with z = 1.959963984540054.
  const { lower, upper } = wilsonInterval(0.5, 20, 0.95)
  expect(lower).toBeCloseTo(0.2992980081982123, 7)
  expect(upper).toBeCloseTo(0.7007019918017877, 7)
  expect(wilsonInterval(0, 20, 0.95).lower).toBe(0)
  expect(wilsonInterval(0, 20, 0.95).upper).toBeGreaterThan(0.1)
})

test.each<[readonly ComponentAnswer[], RegExp]>([
  [[], /some of positive weight/],
  [[{ weight: 0, probabilities: [1, 0] }], /some of positive weight/],
  [[{ weight: -1, probabilities: [1, 0] }], /components\[0\]\.weight/],
  [[{ weight: 1, probabilities: [1] }], /components\[0\]\.probabilities.*2 choices/],
  [[{ weight: 1, probabilities: [0.5, 0.6] }], /sum to 1/],
  [[{ weight: 1, probabilities: [1.5, -0.5] }], /sum to 1/],
  [[{ weight: 1, probabilities: [1, 0], draws: 0 }], /draws/],
  [[{ weight: 1, probabilities: [1, 0], standardErrors: [1] }], /standardErrors/],
])('%j is refused', (given, message) => {
  expect(() => aggregateChoices(yesNo, given)).toThrow(message)
})
