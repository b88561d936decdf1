import { expect, test } from 'vitest'
import { nameComponents } from '../likelihood/component.ts'
import { itemsOf } from '../likelihood/item.ts'
import { LikelihoodTable } from '../likelihood/likelihood-table.ts'
import { scoreComponents } from '../likelihood/score-components.ts'
import { Mixture } from '../mixture/mixture.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import type { Encoder } from '../ports/encoder.ts'
import { noUsage } from '../ports/usage.ts'
import { chatTemplate } from '../prompt/prompt-template.ts'
import { simulate } from './simulate.ts'

const personas = [
  { id: 'p0', text: 'Brief.' },
  { id: 'p1', text: '' },
]
const exemplars = [
  { id: 'e0', input: 'One?', output: 'Uno.' },
  { id: 'e1', input: 'Two?', output: 'Dos.' },
]
const input = 'Three?'
const encoder: Encoder = {
  id: 'one',
  dimension: 1,
  encode: (texts) => Promise.resolve({ embeddings: texts.map(() => Float32Array.of(1)), usage: noUsage }),
}
const mixture = new Mixture({
  personas,
  exemplars,
  gate: {
    d: 0,
    dPrime: 1,
    wx: new Float64Array(0),
    personas: { rows: 2, columns: 0, data: new Float64Array(0) },
    exemplars: { rows: 2, columns: 0, data: new Float64Array(0) },
    personaOffsets: new Float64Array(2),
    exemplarOffsets: new Float64Array(2),
    logTemperatures: new Float64Array(2),
  },
  encoder: { id: 'one', dimension: 1 },
  provenance: { scorer: 'fake', template: chatTemplate.id, records: 1, seed: '1' },
})

test('scoring and drawing put the same prompt before the model, for every component', async () => {
  const scored: (readonly ChatMessage[])[] = []
  const { items } = await itemsOf([{ input, output: 'Tres.' }])
  const pairs = personas.flatMap((_, persona) => exemplars.map((__, exemplar) => ({ persona, exemplar })))
  await scoreComponents({
    tasks: pairs.map((pair) => ({ item: items[0] as (typeof items)[number], ...pair })),
    personas,
    exemplars,
    names: await nameComponents(personas, exemplars),
    table: new LikelihoodTable({ scorer: 'fake', template: chatTemplate.id, temperatures: [1] }),
    template: chatTemplate,
    scorer: {
      id: 'fake',
      score: (requests) => {
        scored.push(...requests.map(({ messages }) => messages))
        return Promise.resolve({
          scores: requests.map(() => ({ logLikelihoods: Float64Array.of(-1), tokens: 1 })),
          usage: noUsage,
        })
      },
    },
  })
  const drawn: (readonly ChatMessage[])[] = []
  await simulate({
    mixture,
    encoder,
    inputs: [{ id: 'x', input }],
    draws: 4,
    seed: 1,
    generator: {
      id: 'fake',
      generate: (requests) => {
        drawn.push(...requests.map(({ messages }) => messages))
        const generation = { text: 'Tres.', finishReason: 'stop', usage: noUsage } as const
        return Promise.resolve({ generations: requests.map(() => generation), usage: noUsage })
      },
    },
  })
  const sorted = (prompts: readonly (readonly ChatMessage[])[]): string[] =>
    prompts.map((prompt) => JSON.stringify(prompt)).toSorted()
  expect(new Set(sorted(scored)).size).toBe(4)
  expect(sorted(drawn)).toEqual(sorted(scored))
})
