import { expect, test } from 'vitest'
import { biasedGains } from './fit-warnings.ts'

function heldOut(uniformBias: number, mixtureBias: number, gain: number): Parameters<typeof biasedGains>[0] {
  const figure = (monteCarloBias: number): Parameters<typeof biasedGains>[0]['mixture'] => ({
    perRecord: -30,
    perToken: -3,
    standardError: 0.1,
    monteCarloError: 0.04,
    monteCarloBias,
    temperature: 1,
  })
  const over = { mean: gain, interval: [gain - 0.1, gain + 0.1] } as const
  return {
    uniform: figure(uniformBias),
    constant: figure(0),
    mixture: figure(mixtureBias),
    gainOver: { bare: over, uniform: over, constant: over },
  }
}

test('a gain beside which the Monte Carlo bias of its figures is large is doubted', () => {
  // A simulated population of 12 topics, 8 personas and 100 exemplars: 24 drawn pairs gave a gain of 1.77, all 800 gave 1.31.
  const warnings = biasedGains(heldOut(-0.19, -0.01, 1.77))
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/uniform weights \(1\.770\) may be off by 0\.190/)
  expect(warnings[0]).toMatch(/a gain of about 1\.590 is nearer the truth/)
  expect(biasedGains(heldOut(0, -0.3, 1.77))).toHaveLength(2)
  expect(biasedGains(heldOut(-0.1, -0.1, 1.77))).toEqual([])
})

test('a mixture that only seems worse is said to be better', () => {
  // A survey of 160 people, 12 personas and 12 exemplars: 20 drawn pairs gave a gain of -0.134, all 144 gave 0.083.
  const [warning] = biasedGains(heldOut(-0.133, -0.377, -0.134))
  expect(warning).toMatch(/a gain of about 0\.110 is nearer the truth/)
})

test('nothing is doubted where all components were scored, however small the gain', () => {
  expect(biasedGains(heldOut(0, 0, 0))).toEqual([])
  expect(biasedGains(heldOut(0, 0, 0.001))).toEqual([])
})
