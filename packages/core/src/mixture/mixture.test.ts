import { describe, expect, test } from 'vitest'
import type { ProjectedGate } from '../gate/projected-gate.ts'
import { createRandom } from '../random/random.ts'
import { normal } from '../random/normal.ts'
import { Mixture } from './mixture.ts'

const random = createRandom('mixture')
const matrix = (rows: number, columns: number): { rows: number; columns: number; data: Float64Array } => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, () => normal(random)),
})

function mixtureOf(personas: number, exemplars: number): Mixture {
  const gate: ProjectedGate = {
    d: 2,
    dPrime: 3,
    wx: matrix(2, 3).data,
    personas: matrix(personas, 2),
    exemplars: matrix(exemplars, 2),
    personaOffsets: matrix(1, personas).data,
    exemplarOffsets: matrix(1, exemplars).data,
    logTemperatures: matrix(1, personas).data,
  }
  return new Mixture({
    personas: Array.from({ length: personas }, (_, k) => ({ id: `p${k}`, text: `persona ${k}` })),
    exemplars: Array.from({ length: exemplars }, (_, j) => ({ id: `e${j}`, input: 'x', output: `y${j}` })),
    gate,
    encoder: { id: 'fake', dimension: 3 },
    provenance: { scorer: 'fake', template: 'chat-1', records: 1, seed: '1' },
  })
}

const x = Float64Array.of(0.6, 0, 0.8)
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

describe('Mixture', () => {
  test('weights are the softmax of METHOD section 2, written out', () => {
    const mixture = mixtureOf(2, 3)
    const { gate } = mixture
    const projected = [0, 1].map((r) =>
      [0, 1, 2].reduce((s, c) => s + (gate.wx[r * 3 + c] ?? 0) * (x[c] ?? 0), 0),
    )
    const logits = [0, 1].map(
      (k) =>
        (gate.personaOffsets[k] ?? 0) +
        [0, 1].reduce((s, r) => s + (gate.personas.data[k * 2 + r] ?? 0) * (projected[r] ?? 0), 0),
    )
    const total = logits.reduce((s, logit) => s + Math.exp(logit), 0)
    for (const [k, weight] of mixture.personaWeights(x).entries()) {
      expect(weight).toBeCloseTo(Math.exp(logits[k] ?? 0) / total, 12)
    }
    expect(sum(mixture.exemplarWeights(x, 1))).toBeCloseTo(1, 12)
    expect(sum(mixture.logComponentWeights(x).map(Math.exp))).toBeCloseTo(1, 12)
  })

  test('a masked exemplar has no weight and the others are renormalised', () => {
    const mixture = mixtureOf(2, 3)
    const free = mixture.exemplarWeights(x, 0)
    const masked = mixture.exemplarWeights(x, 0, { masked: [1] })
    expect(masked[1]).toBe(0)
    expect((masked[0] ?? 0) / (masked[2] ?? 1)).toBeCloseTo((free[0] ?? 0) / (free[2] ?? 1), 12)
    expect(sum(masked)).toBeCloseTo(1, 12)
  })

  test('draws follow the weights', () => {
    const mixture = mixtureOf(2, 3)
    const weights = mixture.logComponentWeights(x).map(Math.exp)
    const draws = 20_000
    const counts = new Float64Array(6)
    const stream = createRandom('draws')
    for (let n = 0; n < draws; n += 1) {
      const { pairs, probability, temperature } = mixture.draw(x, { random: stream })
      const [pair] = pairs
      if (pair === undefined) throw new Error('no pair')
      const index = pair.persona * 3 + pair.exemplar
      counts[index] = (counts[index] ?? 0) + 1
      expect(probability).toBeCloseTo(weights[index] ?? 0, 12)
      expect(temperature).toBe(mixture.temperatures[pair.persona])
    }
    for (const [index, count] of counts.entries()) {
      const weight = weights[index] ?? 0
      expect(Math.abs(count / draws - weight)).toBeLessThan(4.5 * Math.sqrt((weight * (1 - weight)) / draws))
    }
  })

  test('same seed, same draw; two pairs are two different components', () => {
    const mixture = mixtureOf(3, 4)
    const draw = (seed: number): unknown => mixture.draw(x, { random: createRandom(seed), pairs: 2 })
    expect(draw(7)).toEqual(draw(7))
    for (let seed = 0; seed < 200; seed += 1) {
      const { pairs, temperature } = mixture.draw(x, { random: createRandom(seed), pairs: 2 })
      expect(new Set(pairs.map(({ persona, exemplar }) => `${persona} ${exemplar}`)).size).toBe(2)
      const product = pairs.reduce((p, { persona }) => p * (mixture.temperatures[persona] ?? 0), 1)
      expect(temperature).toBeCloseTo(Math.sqrt(product), 12)
    }
  })

  test('a fixed persona is kept, and the probability is given it', () => {
    const mixture = mixtureOf(3, 4)
    const { pairs, probability } = mixture.draw(x, { random: createRandom(1), persona: 2 })
    expect(pairs[0]?.persona).toBe(2)
    expect(probability).toBeCloseTo(mixture.exemplarWeights(x, 2)[pairs[0]?.exemplar ?? -1] ?? 0, 12)
    expect(() => mixture.draw(x, { random: createRandom(1), persona: 3 })).toThrow(/index below 3; found 3/)
  })

  test('without exemplars the components are the personas', () => {
    const mixture = mixtureOf(3, 0)
    expect(mixture.logComponentWeights(x).map(Math.exp)).toEqual(mixture.personaWeights(x))
    expect(mixture.draw(x, { random: createRandom(1) }).pairs[0]?.exemplar).toBe(-1)
    expect(mixture.top(x, 2).map(({ exemplar }) => exemplar)).toEqual([-1, -1])
  })

  test('top gives the heaviest components', () => {
    const mixture = mixtureOf(3, 4)
    const weights = Array.from(mixture.logComponentWeights(x), Math.exp).toSorted((a, b) => b - a)
    expect(mixture.top(x, 5).map(({ weight }) => weight)).toEqual(weights.slice(0, 5))
  })

  test("responsibilities are Bayes' rule", () => {
    const mixture = mixtureOf(2, 3)
    const weights = mixture.logComponentWeights(x)
    const scored = [
      { persona: 0, exemplar: 1, logLikelihood: -900 },
      { persona: 1, exemplar: 0, logLikelihood: -901 },
      { persona: 1, exemplar: 2, logLikelihood: -902 },
    ]
    const joint = [-900 + (weights[1] ?? 0), -901 + (weights[3] ?? 0), -902 + (weights[5] ?? 0)].map((v) =>
      Math.exp(v + 900),
    )
    const total = joint.reduce((s, v) => s + v, 0)
    const { components, personas } = mixture.responsibilities(x, scored)
    for (const [index, value] of components.entries())
      expect(value).toBeCloseTo((joint[index] ?? 0) / total, 12)
    expect(personas[1]).toBeCloseTo(((joint[1] ?? 0) + (joint[2] ?? 0)) / total, 12)
    expect(() =>
      mixture.responsibilities(x, [{ persona: 0, exemplar: 0, logLikelihood: -Infinity }]),
    ).toThrow(/likely under at least one component/)
  })

  test('an input of another dimension is refused', () => {
    expect(() => mixtureOf(2, 3).personaWeights(Float64Array.of(1, 0))).toThrow(/length 3; found length 2/)
  })
})
