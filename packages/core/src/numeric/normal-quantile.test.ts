import { expect, test } from 'vitest'
import { normalQuantile } from './normal-quantile.ts'

// Python's statistics.NormalDist().inv_cdf.
test.each([
  [0.5, 0],
  [0.9, 1.2815515655446004],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489004],
  [0.001, -3.090232306167813],
  [1e-9, -5.9978070150076865],
])('the quantile of %d is %d', (probability, quantile) => {
  expect(normalQuantile(probability)).toBeCloseTo(quantile, 7)
})

test('outside (0, 1) there is none', () => {
  for (const probability of [0, 1, -1, Number.NaN])
    expect(() => normalQuantile(probability)).toThrow(/probability/)
})
