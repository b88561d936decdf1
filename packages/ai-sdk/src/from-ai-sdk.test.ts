import { createOpenAICompatible, type OpenAICompatibleProvider } from '@ai-sdk/openai-compatible'
import { bindEncoder, fit, MopError, preparePopulation, probeScorer, splitRecords } from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { encoderContract, likelihoodScorerContract, textGeneratorContract } from '@mop/core/testing'
import {
  type AiSdkScorerOptions,
  createAiSdkEncoder,
  createAiSdkGenerator,
  createAiSdkScorer,
  fromAiSdk,
  rawCompletions,
  simulatePopulation,
} from '@mop/ai-sdk'
import { createLocalServer, type LocalServer } from '@mop/local'
import { MockEmbeddingModelV4, MockLanguageModelV4 } from 'ai/test'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** The shipped model's chat format; a final assistant message is the beginning of the answer and stays open. */
const chatFormat: AiSdkScorerOptions = {
  endOfAnswer: '<|end|>',
  render: (messages) => {
    const open = messages.at(-1)?.role === 'assistant' ? messages.at(-1)?.content : undefined
    const turns = open === undefined ? messages : messages.slice(0, -1)
    const text = turns.map(({ role, content }) => `<|${role}|>${content}<|end|>`).join('')
    return `${text}<|assistant|>${open ?? ''}`
  },
}

let server: LocalServer
let provider: OpenAICompatibleProvider
beforeAll(async () => {
  server = await createLocalServer()
  provider = createOpenAICompatible({ name: 'local', baseURL: server.url, fetch: rawCompletions() })
})
afterAll(() => server.dispose())

const models = () => ({
  model: provider.chatModel(server.modelName),
  embeddingModel: provider.embeddingModel(server.encoderName),
  completionModel: provider.completionModel(server.modelName),
})

describe('over a server', () => {
  const scorer = () => createAiSdkScorer(models().completionModel, chatFormat)
  test.each([
    ...textGeneratorContract(() => createAiSdkGenerator(models().model)),
    ...encoderContract(() => createAiSdkEncoder(models().embeddingModel)),
    ...likelihoodScorerContract(scorer, { anyTemperature: false, rawPrompts: true, tolerance: 1e-3 }),
  ])('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })

  test(
    'a mixture is fitted and drawn from with objects of the AI SDK alone',
    { timeout: 180_000 },
    async () => {
      const file = fileURLToPath(import.meta.resolve('@mop/local/data/society.jsonl'))
      const { records } = await loadRecords(file)
      const { generator, encoder, scorer } = await fromAiSdk(models(), { scorer: chatFormat })
      const split = splitRecords(records.slice(0, 24), { seed: 1 })
      const population = await preparePopulation(split, {
        encoder,
        seed: 1,
        personas: { count: 2 },
        exemplars: { count: 4 },
      })
      const { mixture, report } = await fit(population, {
        encoder,
        scorer,
        seed: 1,
        temperatures: [1],
        rounds: 1,
        heldOutPairs: 4,
      })
      expect(mixture.provenance.scorer).toBe(`local.completion/${server.modelName}`)
      // A prompt that says something of the population explains its answers better than none.
      expect(report.heldOut.mixture.perRecord).toBeGreaterThan(report.heldOut.bare.perRecord)

      const { rows } = await simulatePopulation({
        model: models().model,
        mixture: bindEncoder(mixture, encoder),
        prompt: 'Review a film.',
        n: 6,
        maxOutputTokens: 12,
      })
      expect(rows).toHaveLength(6)
      expect(rows.every(({ output, model }) => output !== '' && model === generator.id)).toBe(true)
    },
  )

  test('a completion model without the fetch is refused with what to do', async () => {
    const plain = createOpenAICompatible({ name: 'local', baseURL: server.url })
    const error = await fromAiSdk({ completionModel: plain.completionModel(server.modelName) }).catch(
      (reason: unknown) => reason,
    )
    expect(MopError.isInstance(error) && error.code).toBe('raw-completions')
    expect(String(error)).toContain('fetch: rawCompletions()')
  })

  test('the fetch leaves other requests alone', async () => {
    const bodies: unknown[] = []
    const spying: typeof fetch = (input, init) => {
      bodies.push(init?.body)
      return fetch(input, init)
    }
    for (const wrapped of [spying, rawCompletions(spying)]) {
      const one = createOpenAICompatible({ name: 'local', baseURL: server.url, fetch: wrapped })
      await one.completionModel(server.modelName).doGenerate({
        prompt: [{ role: 'user', content: [{ type: 'text', text: 'What is mop-raw-completions:["x"]?' }] }],
        maxOutputTokens: 1,
      })
    }
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toBe(bodies[0])
  })
})

test('each model gives its port, and only that', async () => {
  const model = new MockLanguageModelV4()
  const ports = await fromAiSdk({ model })
  expect(Object.keys(ports)).toEqual(['generator'])
  expect(ports.generator.id).toBe('mock-provider/mock-model-id')
  // @ts-expect-error: no embedding model was given.
  expect(ports.encoder).toBeUndefined()
})

test('embeddings become unit vectors; one that cannot is refused', async () => {
  const model = new MockEmbeddingModelV4({
    maxEmbeddingsPerCall: 2,
    doEmbed: ({ values }) =>
      Promise.resolve({
        embeddings: values.map((value) => (value === 'nothing' ? [0, 0] : [3, 4])),
        usage: { tokens: values.length },
        warnings: [],
      }),
  })
  const encoder = await createAiSdkEncoder(model, { id: 'mine', dimension: 2 })
  expect(model.doEmbedCalls).toEqual([])
  const { embeddings, usage } = await encoder.encode(['a', 'b', 'c'])
  expect(embeddings).toEqual(Array(3).fill(Float32Array.of(0.6, 0.8)))
  expect(usage).toEqual({ calls: 3, inputTokens: 3, outputTokens: 0, evaluatedTokens: 3 })
  await expect(encoder.encode(['a', 'nothing'])).rejects.toMatchObject({ code: 'embedding' })
})

test('a server whose numbers are wrong is told before a fit', async () => {
  const completionModel = new MockLanguageModelV4({
    doGenerate: ({ prompt }) => {
      const [message] = prompt
      const packed = message?.role === 'system' ? message.content : ''
      const texts = JSON.parse(packed.slice(packed.indexOf('['))) as string[]
      const choices = texts.map((text) => ({
        logprobs: { tokens: [...text], token_logprobs: [...text].map(() => -1) },
      }))
      return Promise.resolve({
        content: [],
        finishReason: { unified: 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: 0, text: 0, reasoning: undefined },
        },
        warnings: [],
        response: { body: { choices } },
      })
    },
  })
  await expect(fromAiSdk({ completionModel })).rejects.toMatchObject({ code: 'scorer-probe' })
  const { scorer } = await fromAiSdk({ completionModel }, { probe: false })
  await expect(probeScorer(scorer)).rejects.toMatchObject({ code: 'scorer-probe' })
})

test.each([
  ['model', () => createAiSdkGenerator('openai/gpt-5' as never)],
  ['embeddingModel', () => createAiSdkEncoder('openai/text-embedding-3-small' as never)],
  ['completionModel', () => createAiSdkScorer('openai/davinci' as never)],
])('a string as %s is refused with what to do', async (argument, make) => {
  const error = await Promise.resolve()
    .then<unknown>(make)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'invalid-argument', argument })
})
