import { createRandom } from '@mop/core'
import { meanAndStandardError } from '@mop/core/numeric'
import { expect, test } from 'vitest'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { nearlyNormal } from '../testing/random-rows.ts'
import { likelihoodGains } from './likelihood-gains.ts'

function reportOf(
  arms: Readonly<Record<string, readonly (number | null)[]>>,
  respondents: readonly number[],
): EvaluationReport {
  const heldOut = { respondents, weights: respondents.map(() => 1) }
  const scored = Object.entries(arms).map(([name, ofEach]) => ({
    name,
    likelihoods: { ofEach, monteCarloError: 0.3, monteCarloBias: 0 },
  }))
  return { seed: 1, arms: scored, heldOut } as unknown as EvaluationReport
}

const random = createRandom(2)
const count = 150
const people = Array.from({ length: count }, (_, index) => index)
const bare = people.map(() => -100 + 30 * nearlyNormal(random))
const shifts = people.map(() => 2 + nearlyNormal(random))
const better = bare.map((value, index) => value + (shifts[index] ?? 0))

test('compares the same responses: the interval is that of the differences, not of the likelihoods', () => {
  const [gain] = likelihoodGains(reportOf({ first: better, bare }, people))
  const { mean, standardError } = meanAndStandardError(shifts)
  expect(gain).toMatchObject({ arm: 'first', over: 'bare' })
  expect(gain?.mean).toBeCloseTo(mean, 10)
  expect(gain?.monteCarloError).toBeCloseTo(Math.sqrt(2 * 0.3 ** 2), 12)
  const [lower = 0, upper = 0] = gain?.interval ?? []
  expect((upper - lower) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1)
  expect((lower + upper) / 2).toBeCloseTo(mean, 1)
})

test('answers of one respondent are drawn together', () => {
  const twice = (values: readonly number[]) => [...values, ...values]
  const width = (respondents: readonly number[]) => {
    const [gain] = likelihoodGains(reportOf({ bare: twice(bare), other: twice(better) }, respondents))
    const [lower = 0, upper = 0] = gain?.interval ?? []
    return upper - lower
  }
  const apart = twice(people).map((_, index) => index)
  // √2, but for the error of quantiles of 1,000 resamples.
  expect(width(twice(people)) / width(apart)).toBeGreaterThan(1.25)
  expect(width(twice(people)) / width(apart)).toBeLessThan(1.6)
})

test('without the bare model the first arm is the measure; impossible responses leave no interval', () => {
  const report = reportOf({ one: [-1, -2], other: [-2, null] }, [0, 1])
  expect(likelihoodGains(report)).toEqual([
    { arm: 'other', over: 'one', mean: -Infinity, monteCarloError: expect.any(Number) as number },
  ])
  expect(likelihoodGains({ ...report, arms: [] })).toEqual([])
})
