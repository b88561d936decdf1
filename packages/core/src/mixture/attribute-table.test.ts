import { describe, expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { exampleMixture } from '../testing/example-mixture.ts'

const mixture = exampleMixture()
const x = Float64Array.from({ length: 32 }, (_, index) => (index === 3 ? 1 : 0))
const young = { age: 'young' }

describe('a draw within a group', () => {
  test("has Bayes' weights: π_k(x) P(group | k), renormalised", () => {
    const [table] = mixture.attributes
    const joint = [...mixture.personaWeights(x)].map(
      (weight, k) => weight * (table?.probabilities[2 * k + 1] ?? Number.NaN),
    )
    const total = joint.reduce((sum, value) => sum + value, 0)
    const within = mixture.personaWeights(x, { given: young })
    for (const [k, value] of joint.entries()) expect(within[k]).toBeCloseTo(value / total, 12)
  })

  test('groups mix back to the whole by their shares', () => {
    const whole = mixture.personaWeights(x)
    const share = (value: string): number => {
      const column = mixture.attributes[0]?.values.indexOf(value) ?? -1
      return whole.reduce(
        (sum, weight, k) => sum + weight * (mixture.attributes[0]?.probabilities[2 * k + column] ?? 0),
        0,
      )
    }
    const [yes, no] = ['young', 'old'].map((age) => mixture.personaWeights(x, { given: { age } }))
    for (const [k, weight] of whole.entries()) {
      expect(share('young') * (yes?.[k] ?? 0) + share('old') * (no?.[k] ?? 0)).toBeCloseTo(weight, 12)
    }
  })

  test('component weights, the top and draws follow', () => {
    const personas = mixture.personaWeights(x, { given: young })
    const components = mixture.logComponentWeights(x, { given: young }).map(Math.exp)
    for (const [k, weight] of personas.entries()) {
      const row = components.subarray(k * 6, (k + 1) * 6).reduce((sum, value) => sum + value, 0)
      expect(row).toBeCloseTo(weight, 12)
    }
    const [first] = mixture.top(x, 1, { given: young })
    expect(first?.weight).toBeCloseTo(Math.max(...components), 12)
    const random = createRandom(1)
    const counts = personas.map(() => 0)
    for (let draw = 0; draw < 4000; draw++) {
      const persona = mixture.draw(x, { random, given: young }).pairs[0]?.persona ?? -1
      counts[persona] = (counts[persona] ?? 0) + 1 / 4000
    }
    // Four standard errors of a proportion.
    for (const [k, weight] of personas.entries())
      expect(Math.abs((counts[k] ?? 0) - weight)).toBeLessThan(0.032)
  })

  test('an unknown attribute or value is refused, naming what there is', () => {
    expect(() => mixture.personaWeights(x, { given: { height: 'tall' } })).toThrow('attributes age')
    expect(() => mixture.personaWeights(x, { given: { age: 'none' } })).toThrow('"old", "young"')
  })
})
