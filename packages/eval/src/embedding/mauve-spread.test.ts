import { createRandom } from '@mop/core'
import { matrixFromRows } from '@mop/core/numeric'
import { expect, test } from 'vitest'
import { measure } from '../result/measure.ts'
import { mauveMetric } from './embedding-metrics.ts'
// Its `provenance` says which libraries made the values, and how each is defined.
import reference from './embedding-metrics.reference.json' with { type: 'json' }

const inputs: Readonly<Record<string, number[][]>> = reference.inputs
const options = { random: createRandom(4), resamples: 0 }

test.each(Object.entries(reference.mauve).filter(([, { summary }]) => summary.mauve.sd > 1e-6))(
  '%s: the spread over seeds is about as wide as that of the original',
  (pair, { summary }) => {
    const [real, simulated] = pair.split('|').map((name) => matrixFromRows(inputs[name] ?? []))
    if (real === undefined || simulated === undefined) throw new Error(pair)
    const { value, spread } = measure(mauveMetric({ seeds: 20 }), real, simulated, options)
    expect(spread).toMatchObject({ over: 'clustering seeds', runs: 20 })
    const { mean = 0, standardDeviation = 0, least = 0, greatest = 0 } = spread ?? {}
    expect(mean).toBeGreaterThanOrEqual(summary.mauve.min)
    expect(mean).toBeLessThanOrEqual(summary.mauve.max)
    expect(standardDeviation / summary.mauve.sd).toBeGreaterThan(1 / 3)
    expect(standardDeviation / summary.mauve.sd).toBeLessThan(3)
    expect(value).toBeGreaterThanOrEqual(least)
    expect(value).toBeLessThanOrEqual(greatest)
    // The value is that of the first seed, however many there are.
    const alone = measure(mauveMetric({ seeds: 1 }), real, simulated, options)
    expect(alone.value).toBe(value)
    expect(alone.spread).toBeUndefined()
  },
)

test('seeds must be a count', () => {
  expect(() => mauveMetric({ seeds: 0 })).toThrow('`seeds`')
})
