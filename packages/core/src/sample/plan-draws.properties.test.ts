import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Draw } from '../mixture/draw.ts'
import { Mixture } from '../mixture/mixture.ts'
import { createRandom } from '../random/random.ts'
import { exampleMixture } from '../testing/example-mixture.ts'
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

describe('planDraws within a group', () => {
  const crowd = exampleMixture()
  const input = Float64Array.from({ length: 32 }, (_, index) => Math.cos(index) / 4)
  const pairOf = ({ pairs: [pair] }: Draw): number => (pair?.persona ?? 0) * 6 + (pair?.exemplar ?? 0)
  const group = fc.constantFrom({ age: 'young' }, { age: 'old' })

  test("systematic counts keep to the group's weights, which are the draws' probabilities", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 300 }), group, (seed, count, given) => {
        const within = crowd.logComponentWeights(input, { given }).map(Math.exp)
        const draws = planDraws(crowd, input, { random: createRandom(seed), count, given })
        for (const [index, weight] of within.entries()) {
          const found = draws.filter((draw) => pairOf(draw) === index)
          expect(Math.abs(found.length - count * weight)).toBeLessThan(1 + 1e-9)
          for (const draw of found) expect(draw.probability).toBe(weight)
        }
      }),
    )
  })

  test('groups drawn by their shares mix back to the whole', () => {
    const [table] = crowd.attributes
    const whole = crowd.logComponentWeights(input).map(Math.exp)
    const personas = crowd.personaWeights(input)
    const count = 100_000
    const found = whole.map(() => 0)
    for (const [column, age] of (table?.values ?? []).entries()) {
      const share = personas.reduce(
        (sum, weight, k) => sum + weight * (table?.probabilities[2 * k + column] ?? Number.NaN),
        0,
      )
      const random = createRandom(age)
      for (const draw of planDraws(crowd, input, { random, count, given: { age } })) {
        found[pairOf(draw)] = (found[pairOf(draw)] ?? 0) + share / count
      }
    }
    for (const [index, weight] of whole.entries()) {
      expect(Math.abs((found[index] ?? 0) - weight)).toBeLessThan(2 / count)
    }
  })

  test('independent draws are those of the mixture within the group', () => {
    const given = { age: 'old' }
    const draws = planDraws(crowd, input, {
      random: createRandom(4),
      count: 20,
      method: 'independent',
      given,
    })
    const random = createRandom(4)
    expect(draws).toEqual(draws.map(() => crowd.draw(input, { random, pairs: 1, given })))
  })

  test('an empty group is everybody, and an unknown one is refused', () => {
    const options = { count: 50, pairs: 2 }
    const all = planDraws(crowd, input, { ...options, random: createRandom(5) })
    const empty = planDraws(crowd, input, { ...options, random: createRandom(5), given: {} })
    expect(empty.map(pairOf)).toEqual(all.map(pairOf))
    for (const method of ['systematic', 'independent'] as const) {
      const asked = { ...options, method, random: createRandom(5) }
      expect(() => planDraws(crowd, input, { ...asked, given: { height: 'tall' } })).toThrow('attributes age')
      expect(() => planDraws(crowd, input, { ...asked, given: { age: 'none' } })).toThrow('"old", "young"')
    }
  })
})
