import { fileURLToPath } from 'node:url'
import { OpenAI, OpenAIEmbedding } from '@llamaindex/openai'
import { bindEncoder, fit, preparePopulation, simulate, splitRecords } from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { encoderContract, textGeneratorContract } from '@mop/core/testing'
import { drawReport, fromLlamaIndex, llamaIndexEncoder, llamaIndexGenerator, withMop } from '@mop/llamaindex'
import { createHashedEncoder, createLocalServer, openLocal } from '@mop/local'
import { afterAll, describe, expect, test } from 'vitest'
import { ScriptedLLM } from './testing/scripted-llm.ts'

const local = await openLocal()
const server = await createLocalServer({ model: local.model })
afterAll(async () => {
  await server.dispose()
  await local.dispose()
})

const service = { apiKey: 'none', baseURL: server.url, maxRetries: 0 }
const llm = new OpenAI({ ...service, model: server.modelName, maxTokens: 24 })
const embedding = new OpenAIEmbedding({ ...service, model: server.encoderName })
const { dimension } = createHashedEncoder()
const ports = fromLlamaIndex({ llm, embedding, dimension })

describe("OpenAI's classes against a server in the process", () => {
  test.each([...encoderContract(() => ports.encoder), ...textGeneratorContract(() => ports.generator)])(
    '$name',
    async ({ run }) => {
      await expect(run()).resolves.toBeUndefined()
    },
  )

  test('a population is fitted, simulated and asked with them', async () => {
    const file = fileURLToPath(import.meta.resolve('@mop/local/data/society.jsonl'))
    const { records } = await loadRecords(file)
    const split = splitRecords(records.slice(0, 24), { seed: 1 })
    const { encoder, generator } = ports
    const population = await preparePopulation(split, {
      encoder,
      generator,
      seed: 1,
      personas: { count: 2 },
      exemplars: { count: 4 },
    })
    const { mixture, report } = await fit(population, {
      encoder,
      scorer: local.scorer,
      seed: 1,
      rounds: 1,
      temperatures: [1],
    })
    expect(report.heldOut.mixture.perRecord).toBeLessThan(0)
    expect(mixture.encoder.id).toBe(server.encoderName)

    const inputs = [{ id: 'film', input: 'Review a film.' }]
    const rows = await simulate({ mixture, encoder, generator, inputs, draws: 3, seed: 1 })
    expect(rows.map(({ output }) => typeof output)).toEqual(['string', 'string', 'string'])

    const crowd = withMop(llm, bindEncoder(mixture, encoder))
    const response = await crowd.chat({ messages: [{ role: 'user', content: 'Review a film.' }] })
    expect(response.message.content).toBeTypeOf('string')
    expect(mixture.personas.map(({ id }) => id)).toContain(drawReport(response)?.personas[0])

    const pieces: string[] = []
    const additionalChatOptions = { seed: 3, mop: { seed: 3 } }
    const messages = [{ role: 'user' as const, content: 'Review a film.' }]
    for await (const { delta } of await crowd.chat({ messages, additionalChatOptions, stream: true }))
      pieces.push(delta)
    const whole = await crowd.chat({ messages, additionalChatOptions })
    expect(pieces.join('')).toBe(whole.message.content)
  })

  test('what the service refuses comes through as it is', async () => {
    const { generator } = fromLlamaIndex({ llm, embedding, dimension, chatOptions: () => ({ top_p: 0.5 }) })
    const request = { messages: [{ role: 'user' as const, content: 'x' }], temperature: 1, seed: 1 }
    await expect(generator.generate([request])).rejects.toMatchObject({ status: 400, param: 'top_p' })
  })
})

describe('the encoder', () => {
  const vectors = (given: readonly (readonly number[])[]) => ({
    model: 'm',
    dimensions: 2,
    getTextEmbeddings: () => Promise.resolve(given.map((vector) => [...vector])),
  })

  test('takes id and dimension from the embedding, where it has them', () => {
    expect(
      llamaIndexEncoder(new OpenAIEmbedding({ apiKey: 'none', model: 'text-embedding-3-small' })),
    ).toMatchObject({
      id: 'text-embedding-3-small',
      dimension: 1536,
    })
    expect(llamaIndexEncoder(vectors([]), { id: 'mine', dimension: 3 })).toMatchObject({
      id: 'mine',
      dimension: 3,
    })
  })

  test('asks for them otherwise', () => {
    expect(() => llamaIndexEncoder({ ...vectors([]), model: undefined })).toThrow('`id` must be given')
    expect(() => llamaIndexEncoder({ ...vectors([]), dimensions: undefined })).toThrow('getTextEmbedding')
  })

  test('embeds batch by batch, as many at a time as the embedding takes, and refuses missing vectors', async () => {
    const asked: (readonly string[])[] = []
    const embedding = (given: number) => ({
      ...vectors([]),
      embedBatchSize: 2,
      getTextEmbeddings: (texts: string[]) => {
        asked.push(texts)
        return Promise.resolve(texts.map((text) => [Number(text), 1]).slice(0, given))
      },
    })
    const { embeddings } = await llamaIndexEncoder(embedding(2)).encode(['0', '', '0', '0'])
    const [first, second] = [Float32Array.of(1, 0), Float32Array.of(0, 1)]
    expect(embeddings).toEqual([second, first, second, second])
    expect(asked).toEqual([['0', '0'], ['0']])
    await expect(llamaIndexEncoder(embedding(1)).encode(['0', '0'])).rejects.toMatchObject({
      code: 'embedding',
      encoder: 'm',
    })
  })
})

describe('the generator', () => {
  const request = { messages: [{ role: 'user' as const, content: 'How was it?' }], temperature: 0.5, seed: 7 }

  test("tells the model in OpenAI's names, or as it is told to", async () => {
    const inner = new ScriptedLLM(() => 'It was warm.')
    await llamaIndexGenerator(inner).generate([{ ...request, maxTokens: 9 }])
    const chatOptions = ({ temperature }: { temperature: number }): object => ({ config: { temperature } })
    await llamaIndexGenerator(inner, { chatOptions }).generate([request])
    expect(inner.options).toEqual([
      { temperature: 0.5, seed: 7, max_tokens: 9 },
      { config: { temperature: 0.5 } },
    ])
  })

  test('estimates tokens where nobody counted, and reads Anthropic’s counts', async () => {
    const plain = await llamaIndexGenerator(new ScriptedLLM(() => 'It was warm.')).generate([request])
    expect(plain.usage).toEqual({ calls: 1, inputTokens: 3, outputTokens: 3, evaluatedTokens: 6 })
    const raw = { stop_reason: 'max_tokens', usage: { input_tokens: 5, output_tokens: 2 } }
    const anthropic = {
      metadata: llm.metadata,
      chat: () => Promise.resolve({ message: { role: 'assistant', content: 'x' }, raw }),
    }
    const { generations } = await llamaIndexGenerator(anthropic as never).generate([request])
    expect(generations).toEqual([
      {
        text: 'x',
        finishReason: 'length',
        usage: { calls: 1, inputTokens: 5, outputTokens: 2, evaluatedTokens: 7 },
      },
    ])
  })
})
