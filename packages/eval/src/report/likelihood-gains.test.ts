import { createRandom } from '@mop/core'
import { meanAndStandardError } from '@mop/core/numeric'
import { expect, test } from 'vitest'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { logLikelihoodMetric } from '../likelihood/log-likelihood-metric.ts'
import { measure } from '../result/measure.ts'
import { nearlyNormal } from '../testing/random-rows.ts'
import { likelihoodGains } from './likelihood-gains.ts'

function reportOf(
  arms: Readonly<Record<string, readonly number[]>>,
  { respondents = people, resamples = 1000 } = {},
): EvaluationReport {
  const scored = Object.entries(arms).map(([name, ofEach]) => {
    const sample = { logLikelihoods: ofEach.map((value) => [value]), tokens: ofEach.map(() => 9) }
    const figure = measure(logLikelihoodMetric(), sample, sample, {
      random: createRandom(1),
      units: { real: respondents, simulated: respondents },
      resamples,
      keepResamples: true,
    })
    const likelihoods = { ofEach, monteCarloError: 0.3, monteCarloBias: 0 }
    return { name, texts: { figures: [figure] }, likelihoods }
  })
  return { arms: scored } as unknown as EvaluationReport
}

const random = createRandom(2)
const people = Array.from({ length: 150 }, (_, index) => index)
const bare = people.map(() => -100 + 15 * nearlyNormal(random))
const shifts = people.map(() => 2 + nearlyNormal(random))
const better = bare.map((value, index) => value + (shifts[index] ?? 0))

test('compares the same responses: the interval is that of the differences, not of the likelihoods', () => {
  const [gain] = likelihoodGains(reportOf({ first: better, bare }))
  const { mean, standardError } = meanAndStandardError(shifts)
  expect(gain).toMatchObject({ arm: 'first', over: 'bare' })
  expect(gain?.mean).toBeCloseTo(mean, 10)
  expect(gain?.monteCarloError).toBeCloseTo(Math.sqrt(2 * 0.3 ** 2), 12)
  const { lower = 0, upper = 0 } = gain?.interval ?? {}
  expect((upper - lower) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1)
  expect((lower + upper) / 2).toBeCloseTo(mean, 1)
})

test('answers of one respondent are drawn together', () => {
  const twice = (values: readonly number[]) => [...values, ...values]
  const arms = { bare: twice(bare), other: twice(better) }
  const width = (respondents: number[]) => {
    const { lower = 0, upper = 0 } = likelihoodGains(reportOf(arms, { respondents }))[0]?.interval ?? {}
    return upper - lower
  }
  const ratio = width(twice(people)) / width(twice(people).map((_, index) => index))
  // √2, but for the error of quantiles of 1,000 resamples.
  expect(ratio).toBeGreaterThan(1.25)
  expect(ratio).toBeLessThan(1.6)
})

test('without the bare model the first arm is the measure; arms with impossible responses are left out', () => {
  const one = bare.with(0, -Infinity)
  expect(likelihoodGains(reportOf({ bare: one, other: better, third: bare }))).toMatchObject([
    { arm: 'third', over: 'other' },
  ])
  const { arms, ...rest } = reportOf({ bare, better })
  const read = arms.map((arm) => ({ ...arm, likelihoods: { ...arm.likelihoods, monteCarloError: null } }))
  const unknown = likelihoodGains({ ...rest, arms: read } as unknown as EvaluationReport)
  expect(unknown[0]?.monteCarloError).toBeNaN()
  const [plain] = likelihoodGains(reportOf({ bare, better }, { resamples: 0 }))
  expect(plain?.mean).toBeGreaterThan(1)
  expect(plain?.interval).toBeUndefined()
  expect(likelihoodGains({ ...reportOf({}), arms: [] })).toEqual([])
})
