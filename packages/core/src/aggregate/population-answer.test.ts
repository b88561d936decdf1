import { describe, expect, test } from 'vitest'
import { Mixture } from '../mixture/mixture.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import { noUsage } from '../ports/usage.ts'
import { populationAnswer } from './population-answer.ts'

const exemplars = Array.from({ length: 3 }, (_, j) => ({ id: `e${j}`, input: 'q', output: `a${j}` }))
const shares = [0.2, 0.8]
const mixture = new Mixture({
  personas: [
    { id: 'p0', text: 'yes-sayer' },
    { id: 'p1', text: 'no-sayer' },
  ],
  exemplars,
  gate: {
    d: 0,
    dPrime: 1,
    wx: new Float64Array(0),
    personas: { rows: 2, columns: 0, data: new Float64Array(0) },
    exemplars: { rows: 3, columns: 0, data: new Float64Array(0) },
    personaOffsets: Float64Array.from(shares, Math.log),
    exemplarOffsets: new Float64Array(3),
    logTemperatures: Float64Array.of(0, Math.log(2)),
  },
  encoder: { id: 'one', dimension: 1 },
  provenance: { scorer: 'fake', template: 'chat-1', records: 1, seed: '1' },
})
const encoder: Encoder = {
  id: 'one',
  dimension: 1,
  encode: (texts) => Promise.resolve({ embeddings: texts.map(() => Float32Array.of(1)), usage: noUsage }),
}
/** log-odds of Yes: 2 for the yes-sayer, −2 for the other, at temperature 1; not normalised, as longer answers are not. */
const scorer: LikelihoodScorer = {
  id: 'fake',
  score: (requests, options) =>
    Promise.resolve({
      scores: requests.map(({ messages, continuation }) => {
        const yes = messages[0]?.content.includes('yes-sayer') === (continuation === 'Yes')
        const [temperature = 1] = options?.temperatures ?? [1]
        return { logLikelihoods: Float64Array.of((yes ? -3 : -5) / temperature), tokens: 2 }
      }),
      usage: { ...noUsage, calls: requests.length },
    }),
}
const ask = { mixture, encoder, scorer, question: 'Well?', choices: ['Yes', 'No'], seed: 1 }
const logistic = (value: number): number => 1 / (1 + Math.exp(-value))
const truth = 0.2 * logistic(2) + 0.8 * logistic(-1)

describe('populationAnswer', () => {
  test('with all components it is the weighted sum, exactly', async () => {
    const answer = await populationAnswer(ask)
    expect(answer.components).toBe('all')
    expect(answer.probabilities[0]).toBeCloseTo(truth, 12)
    expect(answer.standardErrors[0]).toBe(0)
    expect(answer.usage.calls).toBe(2 * 3 * 2)
  })

  test('with drawn components the truth lies within the error it states', async () => {
    let inside = 0
    for (let seed = 0; seed < 200; seed += 1) {
      const answer = await populationAnswer({ ...ask, components: 5, seed })
      expect(answer.components).toBe('drawn')
      const error = answer.standardErrors[0] as number
      if (Math.abs((answer.probabilities[0] as number) - truth) <= 2 * error) inside += 1
    }
    expect(inside).toBeGreaterThan(120)
    const many = await populationAnswer({ ...ask, mixture: repeated(), components: 5000 })
    expect(many.components).toBe('drawn')
    expect(Math.abs((many.probabilities[0] as number) - truth)).toBeLessThan(
      4 * (many.standardErrors[0] as number),
    )
    expect(many.standardErrors[0]).toBeLessThan(0.01)
  })

  test('of a group it weighs personas by their members there; groups mix back to everybody by their shares', async () => {
    // P(age | persona): the yes-sayers are young for a quarter, the no-sayers for half.
    const probabilities = Float64Array.of(0.25, 0.75, 0.5, 0.5)
    const { personas, exemplars: pool, gate, encoder: reference, provenance } = mixture
    const attributes = [{ name: 'age', values: ['young', 'old'], probabilities }]
    const aged = {
      ...ask,
      mixture: new Mixture({ personas, exemplars: pool, gate, encoder: reference, provenance, attributes }),
    }
    const young = await populationAnswer({ ...aged, given: { age: 'young' } })
    const old = await populationAnswer({ ...aged, given: { age: 'old' } })
    const ofYoung = (0.2 * 0.25 * logistic(2) + 0.8 * 0.5 * logistic(-1)) / (0.2 * 0.25 + 0.8 * 0.5)
    expect(young.probabilities[0]).toBeCloseTo(ofYoung, 12)
    const youngShare = 0.2 * 0.25 + 0.8 * 0.5
    const mixed = youngShare * (young.probabilities[0] ?? 0) + (1 - youngShare) * (old.probabilities[0] ?? 0)
    expect(mixed).toBeCloseTo(truth, 12)
    await expect(populationAnswer({ ...aged, given: { age: 'ancient' } })).rejects.toThrow(/ancient/)
  })

  test('refuses one choice, or equal ones', async () => {
    await expect(populationAnswer({ ...ask, choices: ['Yes'] })).rejects.toThrow(/at least two/)
    await expect(populationAnswer({ ...ask, choices: ['Yes', 'Yes'] })).rejects.toThrow(/all different/)
  })
})

/** The same mixture with so many exemplars that components must be drawn. */
function repeated(): Mixture {
  const count = 3000
  return new Mixture({
    ...mixture,
    exemplars: Array.from({ length: count }, (_, j) => ({ id: `e${j}`, input: 'q', output: `a${j}` })),
    gate: {
      ...mixture.gate,
      exemplars: { rows: count, columns: 0, data: new Float64Array(0) },
      exemplarOffsets: new Float64Array(count),
    },
  })
}
