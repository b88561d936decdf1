import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Mixture } from '../mixture/mixture.ts'
import { createRandom } from '../random/random.ts'
import { planDraws, startOfInput } from './plan-draws.ts'

const weights = [0.5, 0.3, 0.15, 0.05]
const mixture = new Mixture({
  personas: weights.map((_, k) => ({ id: `p${k}`, text: `persona ${k}` })),
  exemplars: [],
  gate: {
    d: 0,
    dPrime: 1,
    wx: new Float64Array(0),
    personas: { rows: 4, columns: 0, data: new Float64Array(0) },
    exemplars: { rows: 0, columns: 0, data: new Float64Array(0) },
    personaOffsets: Float64Array.from(weights, Math.log),
    exemplarOffsets: new Float64Array(0),
    logTemperatures: new Float64Array(4),
  },
  encoder: { id: 'fake', dimension: 1 },
  provenance: { scorer: 'fake', template: 'chat-1', records: 1, seed: '1' },
})
const x = Float64Array.of(1)

function countsOf(draws: ReturnType<typeof planDraws>): number[] {
  return weights.map((_, k) => draws.filter(({ pairs }) => pairs[0]?.persona === k).length)
}

describe('planDraws', () => {
  test('a component heavier than half repeats in a prompt only as often as it must, in many draws too', () => {
    const shares = [0.9, 0.06, 0.03, 0.01]
    const gate = { ...mixture.gate, personaOffsets: Float64Array.from(shares, Math.log) }
    const { personas, exemplars, encoder, provenance } = mixture
    const heavy = new Mixture({ personas, exemplars, encoder, provenance, gate })
    const count = 50_000
    const draws = planDraws(heavy, x, { random: createRandom(1), count, pairs: 2 })
    const repeats = draws.filter(({ pairs: [first, second] }) => first?.persona === second?.persona).length
    expect(Math.abs(repeats - 0.8 * count)).toBeLessThan(3)
  })

  test('systematic counts differ from their expectation by less than one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 300 }), (seed, count) => {
        const draws = planDraws(mixture, x, { random: createRandom(seed), count })
        expect(draws).toHaveLength(count)
        for (const [k, found] of countsOf(draws).entries()) {
          expect(Math.abs(found - count * (weights[k] ?? 0))).toBeLessThan(1 + 1e-9)
        }
      }),
    )
  })

  test('one draw for each of many inputs keeps the weights over the list', () => {
    const totals = [0, 0, 0, 0]
    const inputs = 400
    for (let index = 0; index < inputs; index += 1) {
      const random = createRandom(`input ${index}`)
      const draws = planDraws(mixture, x, { random, count: 1, start: startOfInput(0.37, index) })
      for (const [k, count] of countsOf(draws).entries()) totals[k] = (totals[k] ?? 0) + count
    }
    for (const [k, total] of totals.entries())
      expect(Math.abs(total - inputs * (weights[k] ?? 0))).toBeLessThan(4)
  })

  test('with two places in the prompt both follow the weights and rarely repeat', () => {
    const draws = planDraws(mixture, x, { random: createRandom(3), count: 40, pairs: 2 })
    for (const place of [0, 1]) {
      const counts = weights.map((_, k) => draws.filter(({ pairs }) => pairs[place]?.persona === k).length)
      for (const [k, found] of counts.entries())
        expect(Math.abs(found - 40 * (weights[k] ?? 0))).toBeLessThan(1 + 1e-9)
    }
    expect(draws.every(({ pairs }) => pairs[0]?.persona !== pairs[1]?.persona)).toBe(true)
  })

  test('same seed, same plan', () => {
    const plan = (method: 'systematic' | 'independent'): unknown =>
      planDraws(mixture, x, { random: createRandom('a'), count: 9, method })
    expect(plan('systematic')).toEqual(plan('systematic'))
    expect(plan('independent')).toEqual(plan('independent'))
  })
})
