import { createRandom } from '@mop/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measure } from '../result/measure.ts'
import { logLikelihood } from './log-likelihood.ts'
// Its `provenance` says how the values were made.
import reference from './log-likelihood.reference.json' with { type: 'json' }
import { logLikelihoodMetric } from './log-likelihood-metric.ts'

test('reference: weighted mean, ratio per token, and the jackknife over prompts', () => {
  const found = logLikelihood(reference)
  for (const [index, value] of reference.ofEach.entries()) expect(found.ofEach[index]).toBeCloseTo(value, 12)
  expect(found.perResponse).toBeCloseTo(reference.perResponse, 12)
  expect(found.perToken).toBeCloseTo(reference.perToken, 12)
  expect(found.monteCarloError).toBeCloseTo(reference.monteCarloError, 12)
  expect(found.monteCarloBias).toBeCloseTo(reference.monteCarloBias, 12)
})

test('lies between the worst and the best prompt, and takes no account of prompts that agree', () => {
  const values = fc.array(fc.double({ min: -900, max: 0, noNaN: true }), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(values, (prompts) => {
      const { ofEach } = logLikelihood({ logLikelihoods: [prompts], tokens: [3] })
      expect(ofEach[0]).toBeGreaterThanOrEqual(Math.max(...prompts) - Math.log(prompts.length) - 1e-9)
      expect(ofEach[0]).toBeLessThanOrEqual(Math.max(...prompts) + 1e-9)
      const twice = logLikelihood({ logLikelihoods: [[...prompts, ...prompts]], tokens: [3] })
      expect(twice.perResponse).toBeCloseTo(ofEach[0] ?? Number.NaN, 9)
      const same = [...prompts, 0].map(() => prompts[0] ?? 0)
      const alike = logLikelihood({ logLikelihoods: [same], tokens: [3] })
      expect([alike.monteCarloError, alike.monteCarloBias]).toEqual([0, 0])
    }),
  )
})

test('the bias that the jackknife finds is about that of the logarithm', () => {
  // p is 0.9 or 0.1 by even chance: log E p is log 0.5, and the mean of log p̂ over many responses lies below it.
  const random = createRandom(3)
  const logLikelihoods = Array.from({ length: 4000 }, () =>
    Array.from({ length: 8 }, () => Math.log(random.next() < 0.5 ? 0.9 : 0.1)),
  )
  const tokens = logLikelihoods.map(() => 1)
  const { perResponse, monteCarloBias } = logLikelihood({ logLikelihoods, tokens })
  const truly = perResponse - Math.log(0.5)
  expect(truly).toBeLessThan(-0.03)
  expect(monteCarloBias / truly).toBeGreaterThan(0.8)
  expect(monteCarloBias / truly).toBeLessThan(1.25)
})

test('of one prompt nothing is known of the error, which is not to say that it is 0', () => {
  const found = logLikelihood({ logLikelihoods: [[-1, -2], [-3]], tokens: [2, 2] })
  expect(Number.isFinite(found.perResponse)).toBe(true)
  expect([found.monteCarloError, found.monteCarloBias]).toEqual([Number.NaN, Number.NaN])
  const weightless = logLikelihood({ logLikelihoods: [[-1, -2], [-3]], tokens: [2, 2], weights: [1, 0] })
  expect(weightless.monteCarloError).toBeGreaterThan(0)
})

test('one possible prompt of several leaves the jackknife without a value, of the error and of the bias', () => {
  const tokens = [3, 3]
  const one = logLikelihood({
    logLikelihoods: [
      [-1, -Infinity, -Infinity],
      [-1, -2, -3],
    ],
    tokens,
  })
  expect(one.ofEach[0]).toBeCloseTo(-1 - Math.log(3), 12)
  expect([one.monteCarloError, one.monteCarloBias]).toEqual([Number.NaN, Number.NaN])
  const two = logLikelihood({ logLikelihoods: [[-1, -2, -Infinity]], tokens: [3] })
  expect(Number.isFinite(two.monteCarloError) && Number.isFinite(two.monteCarloBias)).toBe(true)
})

describe('for measure', () => {
  test('has the value, an interval about as wide as theory says, and no floor', () => {
    const random = createRandom(4)
    const ofEach = Array.from({ length: 200 }, () => -20 * random.next())
    const scored = { logLikelihoods: ofEach.map((value) => [value]), tokens: ofEach.map(() => 10) }
    const found = measure(logLikelihoodMetric(), scored, scored, { random, resamples: 800 })
    expect(found.value).toBeCloseTo(logLikelihood(scored).perResponse, 12)
    const error = Math.sqrt(400 / 12 / 200)
    expect(((found.interval?.upper ?? 0) - (found.interval?.lower ?? 0)) / (2 * 1.96 * error)).toBeCloseTo(
      1,
      0,
    )
    expect(found.floor).toBeUndefined()
    expect(found.warnings).toEqual([
      'Log-likelihood rests on 1.0 prompts a response; of fewer than 8 that differ, the logarithm of their mean is low by much.',
    ])
    const perToken = measure(logLikelihoodMetric({ per: 'token' }), scored, scored, { random, resamples: 0 })
    expect(perToken.value).toBeCloseTo(found.value / 10, 12)
  })

  test('has an interval that says how far other prompts would move the figure, be they shared or not', () => {
    const random = createRandom(6)
    const error = (): number => Math.log(random.next() < 0.5 ? 0.9 : 0.1)
    // All that moves the figure is which prompts were drawn: the same for all responses, or for each its own.
    const alike = Array.from({ length: 16 }, error)
    const responses = Array.from({ length: 40 }, (_, index) => `r${index}`)
    for (const shared of [true, false]) {
      const scored = {
        logLikelihoods: responses.map(() => (shared ? alike : Array.from({ length: 16 }, error))),
        tokens: responses.map(() => 1),
        cells: shared ? responses.map(() => 'of all') : responses,
      }
      const { interval } = measure(logLikelihoodMetric(), scored, scored, { random, resamples: 800 })
      const half = ((interval?.upper ?? 0) - (interval?.lower ?? 0)) / 2
      const ratio = half / (1.96 * logLikelihood(scored).monteCarloError)
      expect(ratio, shared ? 'shared' : 'own').toBeGreaterThan(0.7)
      expect(ratio, shared ? 'shared' : 'own').toBeLessThan(1.4)
    }
  })

  test('one impossible response makes the whole impossible, and is told of', () => {
    const scored = { logLikelihoods: [[-1], [-Infinity]], tokens: [1, 1] }
    const found = measure(logLikelihoodMetric(), scored, scored, { random: createRandom(1), resamples: 0 })
    expect(found.value).toBe(-Infinity)
    expect(found.warnings).toContain('1 of 2 responses are impossible under every prompt.')
  })
})

test.each([
  [{ logLikelihoods: [], tokens: [] }, '`logLikelihoods`'],
  [{ logLikelihoods: [[-1], []], tokens: [1, 1] }, '`logLikelihoods[1]`'],
  [{ logLikelihoods: [[Number.NaN]], tokens: [1] }, '`logLikelihoods[0][0]`'],
  [{ logLikelihoods: [[-1]], tokens: [1, 2] }, '`tokens`'],
  [{ logLikelihoods: [[-1]], tokens: [0] }, '`tokens[0]`'],
  [{ logLikelihoods: [[-1]], tokens: [1], cells: [] }, '`cells`'],
  [{ logLikelihoods: [[-1]], tokens: [1], weights: [-1] }, '`weights[0]`'],
])('refuses %j', (scored, message) => {
  expect(() => logLikelihood(scored)).toThrow(message)
})
