import { createRandom } from '@mop/core'
import { matrixFromRows } from '@mop/core/numeric'
import { describe, expect, test } from 'vitest'
import { principalComponents } from '../numeric/principal-components.ts'
import { cosineHistogram } from './cosine-histogram.ts'
import { divergenceFrontier } from './divergence-frontier.ts'
import { type Embeddings, unitRows } from './embeddings.ts'
// Its `provenance` says which libraries made the values, and how each is defined.
import reference from './embedding-metrics.reference.json' with { type: 'json' }
import { energyDistance } from './energy-distance.ts'
import { frechetDistance } from './frechet-distance.ts'
import { klCosine } from './kl-cosine.ts'
import { mauve, mauveOfCounts, type MauveScores } from './mauve.ts'
import { maximumMeanDiscrepancy, medianDistance } from './maximum-mean-discrepancy.ts'
import { pooledRows } from './pooled-rows.ts'
import { vendiScore } from './vendi-score.ts'

const inputs: Readonly<Record<string, number[][]>> = reference.inputs

function input(name: string): Embeddings {
  return matrixFromRows(inputs[name] ?? [])
}

function sides(pair: string): [Embeddings, Embeddings] {
  const [real = '', simulated = ''] = pair.split('|')
  return [input(real), input(simulated)]
}

/** To 1e-9 of the value, or of `scale` where the value is the difference of terms of that size. */
function expectExact(found: number, expected: number, scale: number = Math.abs(expected)) {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * scale)
}

test.each(Object.entries(reference.fid))('FID %s', (pair, expected) => {
  expectExact(frechetDistance(...sides(pair)), expected, Math.max(expected, 1e-4))
})

test.each(Object.entries(reference.klCosine))('KL cosine %s', (pair, { forward, backward, histogram }) => {
  const [real, simulated] = sides(pair)
  expectExact(klCosine(real, simulated), forward)
  expectExact(klCosine(simulated, real), backward)
  expect([...cosineHistogram(real, 50).counts]).toEqual(histogram)
})

test.each(Object.entries(reference.vendi))('Vendi score %s', (name, expected) => {
  expectExact(vendiScore(input(name)), expected.vendi_q1)
  expectExact(vendiScore(input(name), { order: 2 }), expected.vendi_q2)
  expectExact(vendiScore(input(name), { order: Infinity }), expected.vendi_qinf)
})

test.each(Object.entries(reference.mmdEnergy))('MMD² and energy distance %s', (pair, expected) => {
  const [real, simulated] = sides(pair)
  for (const { sigma, unbiased, biased } of [expected.mmd2_sigma1, expected.mmd2_sigma4]) {
    expectExact(maximumMeanDiscrepancy(real, simulated, { bandwidth: sigma }), unbiased, 1e-4)
    expectExact(
      maximumMeanDiscrepancy(real, simulated, { bandwidth: sigma, estimator: 'biased' }),
      biased,
      1e-4,
    )
  }
  expectExact(medianDistance(real, simulated), expected.mmd2_median.sigma)
  expectExact(maximumMeanDiscrepancy(real, simulated), expected.mmd2_median.unbiased, 1e-4)
  expectExact(energyDistance(real, simulated), expected.energy_U, 1e-3)
  expectExact(energyDistance(real, simulated, { estimator: 'biased' }), expected.energy_V, 1e-3)
})

describe('MAUVE', () => {
  test.each(reference.frontier)('frontier of $name', (expected) => {
    const { mauve: area, frontierIntegral } = divergenceFrontier(expected.p, expected.q, expected)
    // Equal histograms give 1 up to rounding; a stable sort without an order among ties would give 0.75 for some.
    const equal = expected.frontierIntegral === 0
    expectExact(area, equal ? 1 : expected.mauve)
    expectExact(frontierIntegral, expected.frontierIntegral)
  })

  test.each(Object.entries(reference.mauve))(
    '%s: all four scores of a run, from its counts',
    (_, { run }) => {
      const scores = mauveOfCounts(run.p_counts, run.q_counts)
      expectExact(scores.mauve, run.mauve)
      expectExact(scores.mauveStar, run.mauve_star)
      expectExact(scores.frontierIntegral, run.frontier_integral)
      expectExact(scores.frontierIntegralStar, run.frontier_integral_star)
    },
  )

  test.each(Object.entries(reference.mauve))('%s: components', (pair, { components, explained }) => {
    const found = principalComponents(unitRows(pooledRows(...sides(pair))), 0.9)
    expect(found.scores.columns).toBe(components)
    explained.forEach((share, index) => expectExact(found.explained[index] as number, share))
  })

  test.each(Object.entries(reference.mauve))(
    '%s: inside the spread over seeds',
    (pair, { components, summary }) => {
      const [real, simulated] = sides(pair)
      const names = {
        mauve: summary.mauve,
        mauveStar: summary.mauve_star,
        frontierIntegral: summary.frontier_integral,
        frontierIntegralStar: summary.frontier_integral_star,
      }
      const runs = Array.from({ length: 10 }, (_, seed) =>
        mauve(real, simulated, { random: createRandom(seed) }),
      )
      expect(runs[0]?.quantisation).toMatchObject({ components, buckets: 20 })
      for (const name of Object.keys(names) as (keyof MauveScores)[]) {
        const { mean, sd, min, max } = names[name]
        const average = runs.reduce((sum, run) => sum + run[name], 0) / runs.length
        expect(average).toBeGreaterThanOrEqual(min - 1e-9)
        expect(average).toBeLessThanOrEqual(max + 1e-9)
        // The mean of ten of ours against the mean of ten of theirs.
        expect(Math.abs(average - mean)).toBeLessThanOrEqual(1.5 * sd + 1e-9)
      }
    },
  )
})
