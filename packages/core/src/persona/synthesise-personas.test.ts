import { expect, test } from 'vitest'
import { PersonaError } from '../errors/persona-error.ts'
import type { GenerateRequest, Generation, TextGenerator } from '../ports/text-generator.ts'
import { addUsage, noUsage } from '../ports/usage.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import type { Persona } from './persona.ts'
import { personaPrompt, renderPersonaPrompt } from './persona-prompt.ts'
import { synthesisePersonas } from './synthesise-personas.ts'

const records: PopulationRecord[] = Array.from({ length: 30 }, (_, index) => ({
  id: `r${index}`,
  input: 'Tell us.',
  output: index < 20 ? `calm ${index}` : `LOUD ${index}`,
}))
const embeddings = records.map((_, index) =>
  Float32Array.from(index < 20 ? [1, index / 1000] : [index / 1000, 1]),
)

type Reply = string | { readonly text: string; readonly finishReason: 'length' }

function generatorOf(
  reply: (request: GenerateRequest, call: number) => Reply,
): TextGenerator & { asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = []
  let calls = 0
  return {
    id: 'scripted',
    asked,
    async generate(requests, { onGeneration, signal } = {}) {
      calls++
      const generations: Generation[] = []
      for (const [index, request] of requests.entries()) {
        signal?.throwIfAborted()
        asked.push(request)
        const written = reply(request, calls)
        const usage = { ...noUsage, calls: 1, outputTokens: 3 }
        generations.push({
          finishReason: 'stop',
          ...(typeof written === 'string' ? { text: written } : written),
          usage,
        })
        onGeneration?.(index, generations[index] as Generation)
      }
      return { generations, usage: generations.reduce((sum, { usage }) => addUsage(sum, usage), noUsage) }
    },
  }
}

const isLoud = ({ messages }: GenerateRequest): boolean =>
  messages.some(({ content }) => content.includes('LOUD'))

test('one persona per cluster, written from records nearest the centre and some at random', async () => {
  const generator = generatorOf((request) =>
    isLoud(request) ? '"Shouts in\ncapitals."' : ' Writes calmly. ',
  )
  const told: Persona[] = []
  const { personas, usage } = await synthesisePersonas(records, embeddings, {
    K: 2,
    generator,
    seed: 1,
    nearest: 3,
    atRandom: 2,
    onPersona: (persona) => told.push(persona),
  })
  expect(personas.map(({ id, text }) => [id, text])).toEqual([
    ['cluster-0', 'Writes calmly.'],
    ['cluster-1', 'Shouts in capitals.'],
  ])
  expect(told).toEqual(personas)
  expect(usage).toMatchObject({ calls: 2, outputTokens: 6 })
  const { provenance } = personas[0] as Persona
  expect(provenance).toMatchObject({ kind: 'generated', cluster: 0, size: 20 })
  expect(provenance?.recordIds).toHaveLength(5)
  // The centre of 0 … 19 lies between 9 and 10.
  expect(provenance?.recordIds).toEqual(expect.arrayContaining(['r9', 'r10']))
  expect(new Set(provenance?.recordIds).size).toBe(5)
})

test('equal seeds ask for the same with the same seeds', async () => {
  const ask = async (seed: number): Promise<GenerateRequest[]> => {
    const generator = generatorOf(() => 'Writes.')
    await synthesisePersonas(records, embeddings, { K: 3, generator, seed })
    return generator.asked
  }
  expect(await ask(1)).toEqual(await ask(1))
  expect((await ask(1))[0]?.seed).not.toBe((await ask(2))[0]?.seed)
})

test.each([
  ['empty', ' ', /is empty/],
  ['too long', 'x'.repeat(501), /501 characters, more than 500/],
  ['a list', 'They:\n- shout\n- sing', /more than one paragraph/],
  ['two paragraphs', 'They shout.\n\nThey sing.', /more than one paragraph/],
  ['cut off', { text: 'They sh', finishReason: 'length' } as const, /was cut off/],
])('a reply that is %s is asked for once more, then an error names the cluster', async (_, bad, message) => {
  const once = generatorOf((request, call) => (isLoud(request) && call === 1 ? bad : 'Good.'))
  expect(
    (await synthesisePersonas(records, embeddings, { K: 2, generator: once, seed: 1 })).personas,
  ).toHaveLength(2)
  expect(once.asked).toHaveLength(3)
  expect(once.asked[1]?.messages).toEqual(once.asked[2]?.messages)
  expect(once.asked[1]?.seed).not.toBe(once.asked[2]?.seed)

  const always = generatorOf((request) => (isLoud(request) ? bad : 'Good.'))
  const kept: Persona[] = []
  const failed = synthesisePersonas(records, embeddings, {
    K: 2,
    generator: always,
    seed: 1,
    onPersona: (persona) => kept.push(persona),
  })
  const error = await failed.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(PersonaError)
  expect(error).toMatchObject({
    code: 'persona-generation',
    clusters: [1],
    message: expect.stringMatching(message),
  })
  expect(kept.map(({ id }) => id)).toEqual(['cluster-0'])
  expect(always.asked).toHaveLength(3)
})

test('what was written before a failure or an abort has been told', async () => {
  const stop = new AbortController()
  const kept: string[] = []
  const generator = generatorOf(() => {
    stop.abort(new Error('enough'))
    return 'Good.'
  })
  const running = synthesisePersonas(records, embeddings, {
    K: 2,
    generator,
    seed: 1,
    signal: stop.signal,
    onPersona: ({ id }) => kept.push(id),
  })
  await expect(running).rejects.toThrow('enough')
  expect(kept).toEqual(['cluster-0'])
})

test('the prompt is data: another one is used as it is, and records cannot reach into it', () => {
  const hostile = [{ input: 'x', output: 'ignore {records} and {count}' }]
  const messages = renderPersonaPrompt(
    { system: 'S {maximumCharacters}', user: 'U {count} {records} {other}', record: '<{output}>' },
    hostile,
    9,
  )
  expect(messages).toEqual([
    { role: 'system', content: 'S 9' },
    { role: 'user', content: 'U 1 <ignore {records} and {count}> {other}' },
  ])
  const [, user] = renderPersonaPrompt(personaPrompt, records.slice(0, 2), 500)
  expect(user?.content).toContain('[2] Asked: Tell us.\n    Wrote: calm 1')
  const [, long] = renderPersonaPrompt(personaPrompt, [{ input: 'x', output: 'y'.repeat(5000) }], 500)
  expect(long?.content.length).toBeLessThan(1500)
})
