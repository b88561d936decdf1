import { createRandom } from '@mop/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measure } from '../result/measure.ts'
import { unitWeights } from '../result/resample-weights.ts'
// Its `provenance` says which libraries made the values, and how each is defined.
import reference from './choice-metrics.reference.json' with { type: 'json' }
import {
  brierMetric,
  calibrationMetric,
  jensenShannonMetric,
  representativenessMetric,
  totalVariationMetric,
  varianceRatioMetric,
  wassersteinMetric,
} from './choice-metrics.ts'
import { choiceCounts, type ChoiceSample } from './choice-sample.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { representativeness } from './representativeness.ts'
import { totalVariation } from './total-variation.ts'
import { varianceRatio } from './variance-ratio.ts'
import { normalisedWasserstein, wasserstein } from './wasserstein.ts'

test.each(reference.cases)('reference: $name', (expected) => {
  const { p, q } = expected
  expect(totalVariation(p, q)).toBeCloseTo(expected.total_variation, 12)
  expect(jensenShannon(p, q)).toBeCloseTo(expected.js_nats, 12)
  expect(jensenShannon(p, q) / Math.LN2).toBeCloseTo(expected.js_bits, 12)
  expect(wasserstein(p, q)).toBeCloseTo(expected.w1_unit_spacing, 12)
  expect(normalisedWasserstein(p, q)).toBeCloseTo(expected.w1_normalised, 12)
  expect(representativeness(p, q)).toBeCloseTo(1 - expected.w1_normalised, 12)
})

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 9, noNaN: true })), {
    minLength: 2,
    maxLength: 7,
  })
  .filter((values) => values.some((value) => value > 0))
const pair = weights.chain((p) =>
  fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 9, noNaN: true })), {
      minLength: p.length,
      maxLength: p.length,
    })
    .filter((values) => values.some((value) => value > 0))
    .map((q): [number[], number[]] => [p, q]),
)

describe.each([
  ['total variation', totalVariation, () => 1],
  ['Jensen–Shannon', jensenShannon, () => Math.LN2],
  ['Wasserstein-1', wasserstein, (choices: number) => choices - 1],
  ['normalised Wasserstein-1', normalisedWasserstein, () => 1],
] as const)('%s', (_name, distance, greatest) => {
  test('is symmetric, from 0 to its bound, 0 for equal distributions, and knows no scale', () => {
    fc.assert(
      fc.property(pair, ([p, q]) => {
        const value = distance(p, q)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(greatest(p.length) + 1e-12)
        expect(distance(q, p)).toBeCloseTo(value, 12)
        expect(distance(p, p)).toBe(0)
        expect(
          distance(
            p.map((weight) => 7 * weight),
            q,
          ),
        ).toBeCloseTo(value, 12)
        // The scale read from the other end.
        expect(distance(p.toReversed(), q.toReversed())).toBeCloseTo(value, 12)
      }),
    )
  })

  test('refuses what is no pair of distributions', () => {
    expect(() => distance([1, 2], [1])).toThrow(/length/)
    expect(() => distance([0, 0], [1, 1])).toThrow(/positive/)
    expect(() => distance([-1, 2], [1, 1])).toThrow(/negative/)
  })
})

test('the bounds between the distances', () => {
  fc.assert(
    fc.property(pair, ([p, q]) => {
      const variation = totalVariation(p, q)
      expect(wasserstein(p, q)).toBeGreaterThanOrEqual(variation - 1e-12)
      expect(wasserstein(p, q)).toBeLessThanOrEqual(variation * (p.length - 1) + 1e-12)
      expect(jensenShannon(p, q)).toBeLessThanOrEqual(variation * Math.LN2 + 1e-12)
      expect(jensenShannon(p, q)).toBeGreaterThanOrEqual(variation ** 2 / 2 - 1e-12)
    }),
  )
})

test('the variance ratio is 1 for equal, below 1 for flatter answers, and inverts when sides change', () => {
  fc.assert(
    fc.property(pair, ([p, q]) => {
      expect(varianceRatio(p, p)).toBe(1)
      const ratio = varianceRatio(p, q)
      if (ratio > 0 && ratio < Infinity)
        expect(varianceRatio(q, p)).toBeCloseTo(1 / ratio, 6 - Math.log10(1 + 1 / ratio))
    }),
  )
  expect(varianceRatio([1, 1, 1, 1, 1], [0, 1, 1, 1, 0])).toBeCloseTo(1 / 3, 12)
  expect(varianceRatio([1, 0, 1], [0, 1, 0])).toBe(0)
  expect(varianceRatio([0, 1, 0], [1, 0, 1])).toBe(Infinity)
  expect(varianceRatio([0, 1], [1, 0])).toBe(1)
})

describe('metrics of answers', () => {
  const real: ChoiceSample = {
    answers: Int32Array.of(0, 1, 2, 2, 0, 1),
    choices: [3, 2],
    questions: Int32Array.of(0, 0, 0, 0, 1, 1),
  }
  const simulated: ChoiceSample = {
    answers: Int32Array.of(0, 2, 1, 1),
    choices: [3, 2],
    questions: Int32Array.of(0, 0, 1, 1),
    weights: Float64Array.of(1, 3, 1, 1),
  }
  const random = createRandom(1)

  test('count with weights, and average over questions', () => {
    expect(choiceCounts(simulated).map((counts) => [...counts])).toEqual([
      [1, 0, 3],
      [0, 2],
    ])
    const first = totalVariation([1, 1, 2], [1, 0, 3])
    const second = totalVariation([1, 1], [0, 2])
    expect(totalVariationMetric().compare(real, simulated, random).value).toBeCloseTo(
      (first + second) / 2,
      12,
    )
    // Variances on scales from 0 to 1: 11/64 and 1/4 real, 3/16 and 0 simulated.
    expect(varianceRatioMetric().compare(real, simulated, random).value).toBeCloseTo(
      3 / 16 / (11 / 64 + 1 / 4),
      12,
    )
  })

  test('reweigh equal weights to their own value, and give NaN where no question is left', () => {
    for (const metric of [
      totalVariationMetric(),
      jensenShannonMetric(),
      wassersteinMetric(),
      wassersteinMetric({ normalised: true }),
      representativenessMetric(),
      varianceRatioMetric(),
      brierMetric(),
      calibrationMetric(),
    ]) {
      const { value, reweigh } = metric.compare(real, simulated, random)
      const split = { real: Float64Array.of(1, 1, 1, 1, 0, 0), simulated: Float64Array.of(0, 0, 1, 1) }
      const [again, none] = Array.from(reweigh?.([unitWeights(6, 4), split]) ?? [])
      expect(again).toBeCloseTo(value, 12)
      expect(none).toBeNaN()
    }
  })

  test('have no floor where halves share few of the questions, and warn of few answers to each', () => {
    const asked = (questions: number, times: number): ChoiceSample => ({
      answers: Int32Array.from({ length: questions * times }, (_, index) => index % 3),
      choices: Array.from({ length: questions }, () => 3),
      questions: Int32Array.from({ length: questions * times }, (_, index) => index % questions),
    })
    const chance = /real answers a question; below 8 much of the distance is chance/
    for (const metric of [totalVariationMetric(), representativenessMetric(), wassersteinMetric()]) {
      const seldom = measure(metric, asked(40, 1), asked(40, 5), { random, resamples: 0 })
      expect(seldom.floor).toBeUndefined()
      expect(seldom.warnings.join()).toContain('No floor: ')
      expect(seldom.warnings.filter((warning) => !warning.startsWith('Floor: ')).join()).toMatch(chance)
      const often = measure(metric, asked(4, 40), asked(4, 40), { random, resamples: 0 })
      expect(often.floor?.from).toBe('halves')
      expect(often.warnings).toEqual([])
    }
    const scored = measure(brierMetric(), asked(40, 1), asked(40, 5), { random, resamples: 0 })
    expect(scored.warnings.join()).not.toMatch(chance)
  })

  test('name questions without an answer, and refuse answers out of range', () => {
    const metric = totalVariationMetric()
    const half: ChoiceSample = { answers: Int32Array.of(1), choices: [3, 2], questions: Int32Array.of(0) }
    expect(metric.warnings?.(real, half)[0]).toBe(
      '1 of 2 questions have no simulated answer and were left out.',
    )
    expect(metric.compare(real, half, random).value).toBeCloseTo(totalVariation([1, 1, 2], [0, 1, 0]), 12)
    expect(() => metric.compare(real, { ...half, answers: Int32Array.of(3) }, random)).toThrow(/3 choices/)
    expect(() => metric.compare(real, { ...half, questions: Int32Array.of(2) }, random)).toThrow(
      /2 questions/,
    )
    expect(() => metric.compare(real, { ...half, weights: Float64Array.of(-1) }, random)).toThrow(
      /weights\[0\]/,
    )
    expect(() => metric.compare(real, { ...half, questions: Int32Array.of(0, 1) }, random)).toThrow(/as long/)
    expect(() => metric.compare(real, { ...half, choices: [3, 4] }, random)).toThrow(/as real/)
    const other: ChoiceSample = { answers: Int32Array.of(1), choices: [3, 2], questions: Int32Array.of(1) }
    expect(() => metric.compare(half, other, random)).toThrow(/a question that real answers/)
  })
})
