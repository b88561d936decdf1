import { createRandom, type Random } from '@mop/core'
import { describe, expect, test } from 'vitest'
import { isOpen } from '../report/best-figure.ts'
import { nearlyNormal } from '../testing/random-rows.ts'
import { nearCopyMetric } from '../text/text-metrics.ts'
import { measure } from './measure.ts'
import type { Metric } from './metric.ts'
import type { MetricResult } from './metric-result.ts'
import { pairedDifference } from './paired-difference.ts'

const mean = (sample: readonly number[]): number =>
  sample.reduce((sum, value) => sum + value, 0) / sample.length

/** How much greater simulated numbers are than real ones: whatever the real sample is off by, two arms share. */
const excess: Metric<readonly number[]> = {
  name: 'excess',
  better: 'lower',
  range: [-Infinity, Infinity],
  samples: 'both',
  size: (sample) => sample.length,
  select: (sample, items) => items.map((item) => sample[item] as number),
  compare: (real, simulated) => ({ value: mean(simulated) - mean(real) }),
}

const numbers = (random: Random, length: number, scale = 1, shift = 0): number[] =>
  Array.from({ length }, () => shift + scale * nearlyNormal(random))

function figure(
  real: readonly number[],
  simulated: readonly number[],
  { metric = excess, seed = 'figure', resamples = 200, keepResamples = true } = {},
): MetricResult {
  return measure(metric, real, simulated, { random: createRandom(seed), resamples, keepResamples })
}

describe('a paired difference', () => {
  const random = createRandom('paired')
  const real = numbers(random, 60, 10)
  const near = numbers(random, 60, 1)
  const far = numbers(random, 60, 1, 1)

  test('tells apart what intervals of the figures cannot, where the noise is the real sample’s', () => {
    const [one, other] = [figure(real, near), figure(real, far)]
    expect(one.interval?.upper).toBeGreaterThan(other.interval?.lower ?? Infinity)
    const difference = pairedDifference(other, one)
    expect(difference?.value).toBeCloseTo(mean(far) - mean(near), 12)
    expect(difference?.lower).toBeGreaterThan(0)
    expect(isOpen(other, one)).toBe(false)
    const unkept = figure(real, far, { keepResamples: false })
    expect(unkept.interval).toEqual({ ...other.interval, figures: undefined })
    expect(pairedDifference(unkept, one)).toBeUndefined()
    expect(isOpen(unkept, one)).toBe(true)
  })

  test('is the bootstrap interval of what differs, and nothing of a figure from itself', () => {
    const one = figure(real, near)
    expect(pairedDifference(one, one)).toMatchObject({ value: 0, lower: 0, upper: 0, resamples: 200 })
    // The same places are drawn in both arms, so the difference of means resamples their item-by-item differences.
    const gaps = far.map((value, index) => value - (near[index] as number))
    const spread = Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)) / gaps.length)
    const resamples = 4000
    const difference = pairedDifference(figure(real, far, { resamples }), figure(real, near, { resamples }))
    expect((difference?.upper ?? 0) - (difference?.lower ?? 0)).toBeCloseTo(2 * 1.96 * spread, 1)
  })

  test('does not tell apart one copy from none, however the shift of the interval falls out', () => {
    const known = ['one two three four five', 'six seven eight nine ten']
    const texts = Array.from({ length: 40 }, (_, index) => `said ${index} in other words`)
    const figures = [texts, texts.with(7, 'one two three four five')].map((simulated) =>
      Array.from({ length: 12 }, (_, seed) =>
        measure(nearCopyMetric(), known, simulated, {
          random: createRandom(`copies ${seed}`),
          resamples: 60,
          keepResamples: true,
        }),
      ),
    )
    for (const [seed, none] of (figures[0] ?? []).entries()) {
      const one = figures[1]?.[seed] as MetricResult
      expect(one.value).toBe(1 / 40)
      expect(one.interval?.lower).toBe(0)
      expect(isOpen(one, none)).toBe(true)
    }
  })

  test('turns round with the figures, and follows where the best lies', () => {
    for (const better of ['lower', 'higher', 'near 0', 'near 1', 'near the real'] as const) {
      const metric = { ...excess, better }
      const [one, other] = [figure(real, near, { metric }), figure(real, far, { metric })]
      const [there, back] = [pairedDifference(one, other), pairedDifference(other, one)]
      expect(there?.value).toBeCloseTo(-(back?.value ?? 0), 12)
      expect(there?.lower).toBeCloseTo(-(back?.upper ?? 0), 9)
    }
  })

  test('holds 0 about as often as it says, where two arms are alike', () => {
    const worlds = 200
    let holding = 0
    for (let world = 0; world < worlds; world += 1) {
      const stream = createRandom(`world ${world}`)
      const people = numbers(stream, 40, 3)
      const figures = [0, 1].map(() =>
        figure(people, numbers(stream, 40), { seed: `world ${world}`, resamples: 100 }),
      )
      const difference = pairedDifference(figures[0] as MetricResult, figures[1] as MetricResult)
      if ((difference?.lower ?? 1) <= 0 && (difference?.upper ?? -1) >= 0) holding += 1
    }
    // 95% of 200, and three standard errors of such a share either way; percentiles of 40 items run a little short.
    expect(holding / worlds).toBeGreaterThan(0.88)
    expect(holding / worlds).toBeLessThan(0.99)
  })

  test('of different metrics or numbers of resamples is refused', () => {
    const one = figure(real, near)
    const other = figure(real, far, { metric: { ...excess, name: 'other' } })
    expect(() => pairedDifference(one, other)).toThrow(/excess, 200 resamples/)
    expect(() => pairedDifference(one, figure(real, far, { resamples: 100 }))).toThrow(/100 resamples/)
  })
})
