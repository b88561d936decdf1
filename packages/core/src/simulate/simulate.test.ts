import { describe, expect, test } from 'vitest'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import { Mixture } from '../mixture/mixture.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { Generation, TextGenerator } from '../ports/text-generator.ts'
import { noUsage } from '../ports/usage.ts'
import { chatTemplate } from '../prompt/prompt-template.ts'
import { promptPairs } from '../mixture/prompt-pairs.ts'
import { simulate } from './simulate.ts'
import type { SimulatedRow } from './simulated-row.ts'

const mixture = new Mixture({
  personas: [
    { id: 'calm', text: 'Calm.' },
    { id: 'loud', text: 'Loud.' },
  ],
  exemplars: [
    { id: 'e0', input: 'q0', output: 'a0' },
    { id: 'e1', input: 'q1', output: 'a1' },
  ],
  gate: {
    d: 0,
    dPrime: 1,
    wx: new Float64Array(0),
    personas: { rows: 2, columns: 0, data: new Float64Array(0) },
    exemplars: { rows: 2, columns: 0, data: new Float64Array(0) },
    personaOffsets: Float64Array.of(Math.log(0.75), Math.log(0.25)),
    exemplarOffsets: Float64Array.of(0, 0),
    logTemperatures: Float64Array.of(Math.log(0.5), Math.log(2)),
  },
  encoder: { id: 'one', dimension: 1 },
  provenance: { scorer: 'fake', template: 'chat-1', records: 1, seed: '1' },
})
const encoder: Encoder = {
  id: 'one',
  dimension: 1,
  encode: (texts) => Promise.resolve({ embeddings: texts.map(() => Float32Array.of(1)), usage: noUsage }),
}

/** Answers with what it was asked, so that a row shows its own prompt. */
class EchoGenerator implements TextGenerator {
  readonly id = 'echo'
  requests = 0
  underWay = 0
  mostUnderWay = 0
  failures: { after: number; error: unknown }[] = []
  async generate(
    ...[requests, options]: Parameters<TextGenerator['generate']>
  ): ReturnType<TextGenerator['generate']> {
    this.underWay += 1
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    try {
      await new Promise((resolve) => setTimeout(resolve, 1))
      options?.signal?.throwIfAborted()
      const generations = requests.map((request, index): Generation => {
        const [failure] = this.failures
        if (failure !== undefined && this.requests >= failure.after) {
          this.failures.shift()
          throw failure.error
        }
        this.requests += 1
        const text = JSON.stringify([request.messages, request.temperature, request.seed])
        const generation: Generation = { text, finishReason: 'stop', usage: { ...noUsage, calls: 1 } }
        options?.onGeneration?.(index, generation)
        return generation
      })
      return { generations, usage: noUsage }
    } finally {
      this.underWay -= 1
    }
  }
}

const inputs = [
  { id: 'x', input: 'How was it?' },
  { id: 'y', input: 'And the food?' },
]
const base = { mixture, encoder, inputs, draws: 8, seed: 5 }

describe('simulate', () => {
  test('each row carries its draw, and the prompt is what the template renders for it', async () => {
    const generator = new EchoGenerator()
    const rows = await simulate({ ...base, generator })
    expect(rows.map(({ id }) => id)).toEqual(
      ['x', 'y'].flatMap((id) => [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${id}:${n}`)),
    )
    for (const row of rows) {
      const persona = mixture.personas.findIndex(({ id }) => id === row.personas[0])
      const exemplar = mixture.exemplars.findIndex(({ id }) => id === row.exemplars[0])
      const messages = chatTemplate.render(
        promptPairs(mixture, { pairs: [{ persona, exemplar, weight: 1 }] }),
        row.input,
      )
      expect(row.output).toBe(JSON.stringify([messages, mixture.temperatures[persona], row.seed]))
      expect(row.probability).toBeCloseTo((persona === 0 ? 0.75 : 0.25) / 2, 12)
      expect(row).toMatchObject({
        model: 'echo',
        finishReason: 'stop',
        temperature: mixture.temperatures[persona],
      })
    }
    expect(rows.filter(({ personas }) => personas[0] === 'calm')).toHaveLength(12)
    expect(new Set(rows.map(({ seed }) => seed)).size).toBe(16)
  })

  test('a run that stopped goes on, and both parts together are the uninterrupted run', async () => {
    const whole = await simulate({ ...base, generator: new EchoGenerator() })
    const kept: SimulatedRow[] = []
    const generator = new EchoGenerator()
    generator.failures = [{ after: 5, error: new Error('the key expired') }]
    const options = { ...base, generator, batchSize: 4, concurrency: 1 }
    await expect(simulate({ ...options, onRow: (row) => kept.push(row) })).rejects.toThrow('the key expired')
    expect(kept).toHaveLength(5)
    const completed = new Set(kept.map(({ id }) => id))
    const rest = await simulate({ ...options, completed })
    expect(generator.requests).toBe(16)
    const together = new Map([...kept, ...rest].map((row) => [row.id, row]))
    expect(whole.map(({ id }) => together.get(id))).toEqual(whole)
  })

  test('tries again what is worth it, without asking twice for what was answered', async () => {
    const generator = new EchoGenerator()
    const busy = Object.assign(new Error('slow down'), { status: 429 })
    generator.failures = [{ after: 3, error: busy }]
    const rows = await simulate({ ...base, generator, draws: 2, concurrency: 1 })
    expect(rows).toHaveLength(4)
    expect(generator.requests).toBe(4)
  })

  test('an error that no second try cures passes through untouched', async () => {
    const generator = new EchoGenerator()
    const refused = Object.assign(new Error('bad request'), { status: 400 })
    generator.failures = [{ after: 0, error: refused }]
    await expect(simulate({ ...base, generator })).rejects.toBe(refused)
  })

  test('an input that is too long is named, with what stood beside it, and the rows before it are kept', async () => {
    const generator = new EchoGenerator()
    const kept: SimulatedRow[] = []
    generator.failures = [
      { after: 3, error: new RequestTooLongError({ requestIndex: 1, tokens: 700, limit: 512 }) },
    ]
    const running = simulate({
      ...base,
      generator,
      batchSize: 2,
      concurrency: 1,
      onRow: (row) => kept.push(row),
    })
    await expect(running).rejects.toThrow(
      /input "\w+", field "input": 700 tokens together with persona "\w+" and exemplar "\w+"; the language model takes 512/,
    )
    expect(kept).toHaveLength(3)
  })

  test('keeps within its concurrency', async () => {
    const generator = new EchoGenerator()
    await simulate({ ...base, draws: 20, generator, batchSize: 2, concurrency: 3 })
    expect(generator.mostUnderWay).toBe(3)
  })

  test('an abort ends it with the reason', async () => {
    const controller = new AbortController()
    const running = simulate({
      ...base,
      generator: new EchoGenerator(),
      batchSize: 1,
      concurrency: 1,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 3) controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
  })

  test('two pairs put two personas and two exemplars in one prompt', async () => {
    const rows = await simulate({ ...base, generator: new EchoGenerator(), pairs: 2 })
    for (const row of rows) {
      expect(row.personas).toHaveLength(2)
      expect(row.exemplars).toHaveLength(2)
      expect(row.temperature).toBeGreaterThanOrEqual(0.5)
    }
  })

  test('a generator that leaves a request out is named, and no batch is empty', async () => {
    const echo = new EchoGenerator()
    const forgetful: TextGenerator = {
      id: 'forgetful',
      generate: async (requests) => {
        const { generations, usage } = await echo.generate(requests)
        return { generations: generations.slice(1), usage }
      },
    }
    await expect(simulate({ ...base, generator: forgetful })).rejects.toThrow(
      /answers every request \(forgetful\)/,
    )
    await expect(simulate({ ...base, generator: echo, batchSize: 0 })).rejects.toThrow(/batchSize/)
    await expect(simulate({ ...base, generator: echo, pairs: 0 })).rejects.toThrow(/pairs/)
  })

  test('within a group, the weights are its own and each row says which it was', async () => {
    const { personas, exemplars, gate, encoder: reference, provenance } = mixture
    const attributes = [
      { name: 'age', values: ['old', 'young'], probabilities: Float64Array.of(0.9, 0.1, 0.1, 0.9) },
    ]
    const known = new Mixture({ personas, exemplars, gate, encoder: reference, provenance, attributes })
    const generator = new EchoGenerator()
    const options = { ...base, mixture: known, generator, draws: 40 }
    const rows = await simulate({ ...options, given: { age: 'young' } })
    // 0.75 · 0.1 of calm against 0.25 · 0.9 of loud.
    expect(rows.filter(({ personas: [id] }) => id === 'calm')).toHaveLength(20)
    for (const row of rows) {
      expect(row.given).toEqual({ age: 'young' })
      expect(row.probability).toBeCloseTo((row.personas[0] === 'calm' ? 0.25 : 0.75) / 2, 12)
    }
    const everybody = await simulate(options)
    expect(everybody[0]).not.toHaveProperty('given')
    expect(everybody.filter(({ personas: [id] }) => id === 'calm')).toHaveLength(60)
    const { requests } = generator
    await expect(simulate({ ...options, given: { age: 'none' } })).rejects.toThrow('`given.age`')
    await expect(simulate({ ...base, generator, given: { age: 'old' } })).rejects.toThrow(
      'this mixture knows no attributes',
    )
    expect(generator.requests).toBe(requests)
  })

  test('refuses inputs of the same id', async () => {
    const twice = [inputs[0], inputs[0]] as typeof inputs
    await expect(simulate({ ...base, inputs: twice, generator: new EchoGenerator() })).rejects.toThrow(
      /of distinct ids/,
    )
  })
})
