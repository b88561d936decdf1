import { createRandom } from '@mop/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measure } from '../result/measure.ts'
import { type AnsweredQuestion, brierScore } from './brier-score.ts'
import { calibration } from './calibration.ts'
// Its `provenance` says which libraries made the values, and how each is defined.
import reference from './calibration.reference.json' with { type: 'json' }
import { brierMetric, calibrationMetric, logScoreMetric } from './choice-metrics.ts'
import type { ChoiceSample } from './choice-sample.ts'
import { logScore } from './log-score.ts'

describe.each(reference.cases)('reference: $name', (expected) => {
  const questions = expected.questions.map(({ real, simulated }): AnsweredQuestion => [real, simulated])

  test('Brier score and its partition', () => {
    const { score, reliability, resolution, uncertainty } = brierScore(questions)
    expect(score).toBeCloseTo(expected.brier, 12)
    expect(reliability).toBeCloseTo(expected.reliability, 12)
    expect(resolution).toBeCloseTo(expected.resolution, 12)
    expect(uncertainty).toBeCloseTo(expected.uncertainty, 12)
  })

  test('calibration error and the points of the diagram', () => {
    const { error, bins } = calibration(questions)
    expect(error).toBeCloseTo(expected.calibration_error, 12)
    expect(bins).toHaveLength(expected.bins.length)
    for (const [index, bin] of expected.bins.entries()) {
      expect(bins[index]?.simulated).toBeCloseTo(bin.simulated, 12)
      expect(bins[index]?.real).toBeCloseTo(bin.real, 12)
      expect(bins[index]?.weight).toBeCloseTo(bin.weight, 12)
    }
  })

  test('log score, as the mean over answers', () => {
    const counts = questions.map(([real]) => Array.from(real).reduce((sum, count) => sum + count, 0))
    const total = counts.reduce((sum, count) => sum + count, 0)
    const mean = questions.reduce(
      (sum, [real, simulated], index) => sum + ((counts[index] ?? 0) / total) * logScore(real, simulated),
      0,
    )
    expect(mean).toBeCloseTo(expected.log_score, 12)
  })
})

const question = fc.integer({ min: 2, max: 5 }).chain((choices) => {
  const weights = (min: number) =>
    fc.array(fc.double({ min, max: 9, noNaN: true }), { minLength: choices, maxLength: choices })
  return fc.tuple(weights(0.01), weights(0.01)) as fc.Arbitrary<AnsweredQuestion>
})

test('the Brier score is its parts, is proper, and is as large with the answers in another order', () => {
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 5 }), (questions) => {
      const { score, reliability, resolution, uncertainty } = brierScore(questions)
      expect(score).toBeCloseTo(reliability - resolution + uncertainty, 9)
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(2)
      const right = questions.map(([real]): AnsweredQuestion => [real, real])
      expect(brierScore(right).score).toBeLessThanOrEqual(score + 1e-12)
      expect(brierScore(right).reliability).toBeCloseTo(0, 12)
      expect(calibration(right).error).toBeCloseTo(0, 12)
      for (const [index, [real, simulated]] of questions.entries())
        expect(logScore(real, simulated)).toBeLessThanOrEqual(
          logScore(...(right[index] as AnsweredQuestion)) + 1e-12,
        )
      const mirrored = questions.map(([real, simulated]): AnsweredQuestion => [
        Array.from(real).toReversed(),
        Array.from(simulated).toReversed(),
      ])
      expect(brierScore(mirrored).score).toBeCloseTo(score, 9)
      expect(calibration(questions, 1).error).toBeCloseTo(0, 9)
    }),
  )
})

test('shares of 1 stand in the last bin, and bins must be a count', () => {
  expect(
    calibration([
      [
        [1, 1],
        [1, 0],
      ],
    ]).bins,
  ).toEqual([
    { simulated: 0, real: 0.5, weight: 0.5 },
    { simulated: 1, real: 0.5, weight: 0.5 },
  ])
  expect(() => calibration([[[1], [1]]], 0)).toThrow('`bins`')
})

describe('for measure', () => {
  const sampleOf = (seed: number, count: number, share: number): ChoiceSample => {
    const random = createRandom(seed)
    return {
      answers: Int32Array.from({ length: count }, () => (random.next() < share ? 1 : 0)),
      choices: [2],
    }
  }
  const options = { random: createRandom(3), resamples: 40 }

  test('the floor of a fair simulation is near its value, that of a wrong one far from it', () => {
    const real = sampleOf(1, 400, 0.7)
    for (const metric of [brierMetric(), logScoreMetric()]) {
      const fair = measure(metric, real, sampleOf(2, 400, 0.7), options)
      const wrong = measure(metric, real, sampleOf(2, 400, 0.2), options)
      expect(Math.abs(fair.value - (fair.floor?.value ?? Infinity))).toBeLessThan(0.03)
      expect(Math.abs(wrong.value - (wrong.floor?.value ?? Infinity))).toBeGreaterThan(0.2)
      expect(fair.interval?.lower).toBeLessThan(fair.value)
    }
    expect(measure(calibrationMetric(), real, sampleOf(2, 400, 0.2), options).value).toBeGreaterThan(0.4)
  })

  test('a real answer that has probability 0 makes the log score −∞, and no floor is so by chance', () => {
    const never: ChoiceSample = { answers: Int32Array.of(0, 0), choices: [2] }
    expect(measure(logScoreMetric(), sampleOf(1, 40, 0.5), never, options).value).toBe(-Infinity)
    const rare: ChoiceSample = {
      answers: Int32Array.from({ length: 40 }, (_, index) => (index === 0 ? 1 : 0)),
      choices: [2],
    }
    expect(measure(logScoreMetric(), rare, rare, options).floor?.value).toBeGreaterThan(-Infinity)
  })
})
