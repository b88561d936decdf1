import { fileURLToPath } from 'node:url'
import { AIMessage } from '@langchain/core/messages'
import { FakeEmbeddings, FakeListChatModel } from '@langchain/core/utils/testing'
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from '@langchain/openai'
import {
  bindEncoder,
  type Encoder,
  fit,
  type LikelihoodScorer,
  preparePopulation,
  probeScorer,
  simulate,
  splitRecords,
  type TextGenerator,
} from '@mop/core'
import { loadRecords } from '@mop/core/readers'
import { encoderContract, likelihoodScorerContract, textGeneratorContract } from '@mop/core/testing'
import { fromLangChain, MixtureOfPersonas } from '@mop/langchain'
import { createLocalServer, type LocalServer } from '@mop/local'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'

let server: LocalServer
let generator: TextGenerator
let encoder: Encoder
let scorer: LikelihoodScorer
beforeAll(async () => {
  server = await createLocalServer()
  const configuration = { baseURL: server.url }
  const common = { apiKey: 'none', configuration, maxRetries: 0 }
  ;({ generator, encoder, scorer } = await fromLangChain({
    model: ({ temperature, maxTokens }) =>
      new ChatOpenAI({ ...common, model: server.modelName, temperature, maxTokens: maxTokens ?? 40 }),
    embeddings: new OpenAIEmbeddings({ ...common, model: server.encoderName, stripNewLines: false }),
    completionModel: new OpenAI({
      ...common,
      model: server.modelName,
      maxTokens: 0,
      modelKwargs: { echo: true, logprobs: 1 },
    }),
    endOfAnswer: '\n\n',
    ids: { model: 'local' },
  }))
})
afterAll(() => server.dispose())

describe("OpenAI's classes of LangChain keep core's contracts on a server that echoes", () => {
  const cases = [
    ...encoderContract(() => encoder),
    ...likelihoodScorerContract(() => scorer, { anyTemperature: false, rawPrompts: true, tolerance: 1e-3 }),
    ...textGeneratorContract(() => generator),
  ]
  test.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })

  test('the scorer passes the probe', async () => {
    await expect(probeScorer(scorer)).resolves.toMatchObject({ calls: 29 })
  })
})

test('a fit runs on objects of LangChain alone, and its mixture goes back into LangChain', async () => {
  const file = fileURLToPath(import.meta.resolve('@mop/local/data/society.jsonl'))
  const { records } = await loadRecords(file)
  const split = splitRecords(records.slice(0, 30), { seed: 1 })
  const population = await preparePopulation(split, {
    encoder,
    seed: 1,
    personas: { count: 2 },
    exemplars: { count: 3 },
  })
  const options = {
    encoder,
    scorer,
    seed: 1,
    rounds: 2,
    pairsPerRound: 1,
    heldOutPairs: 4,
    temperatures: [1],
  }
  const { mixture, report } = await fit(population, options)
  expect(mixture.provenance.scorer).toBe(server.modelName)
  expect(mixture.encoder.id).toBe(server.encoderName)
  expect(mixture.temperatures).toEqual(Float64Array.of(1, 1))
  expect(report.heldOut.mixture.perRecord).toBeLessThan(0)

  const inputs = [{ id: 'film', input: 'Review a film.' }]
  const rows = await simulate({ mixture, encoder, generator, inputs, draws: 3, seed: 1 })
  expect(rows.map(({ output }) => typeof output)).toEqual(['string', 'string', 'string'])

  const model = new ChatOpenAI({
    apiKey: 'none',
    configuration: { baseURL: server.url },
    model: server.modelName,
    maxTokens: 20,
  })
  const person = new MixtureOfPersonas({ model, mixture: bindEncoder(mixture, encoder) })
  const answer = await person.invoke('Review a film.', { configurable: { mop: { seed: 1 } } })
  expect(answer.response_metadata).toMatchObject({ finish_reason: expect.any(String), mop: { seed: 1 } })
})

test('a hosted model that echoes nothing is told by the probe, not by a fit at chance', async () => {
  const common = { apiKey: 'none', configuration: { baseURL: server.url }, maxRetries: 0 }
  const { scorer: deaf } = await fromLangChain({
    completionModel: new OpenAI({ ...common, model: server.modelName, maxTokens: 1 }),
  })
  await expect(probeScorer(deaf)).rejects.toMatchObject({ code: 'scorer-probe', law: 'answered' })
  await expect(deaf.score([], { temperatures: [0.7] })).rejects.toThrow('temperatures: [1]')
})

describe('the ports of other models', () => {
  test('are those of the models that were given, and their types say so', async () => {
    const ports = await fromLangChain({ embeddings: new FakeEmbeddings(), ids: { embeddings: 'fake' } })
    expect(Object.keys(ports)).toEqual(['encoder'])
    expectTypeOf(ports).toHaveProperty('encoder')
    expectTypeOf(ports).not.toHaveProperty('scorer')
  })

  test('need a name where the object has none', async () => {
    const asked = fromLangChain({ model: new FakeListChatModel({ responses: ['x'] }) })
    await expect(asked).rejects.toThrow('`ids.model` must be given where the model does not tell its name')
  })

  test('an embedding gets its length by itself; a vector of another length is refused', async () => {
    let vectors = [[0, 2]]
    const embeddings = {
      embedDocuments: () => Promise.resolve(vectors),
      embedQuery: () => Promise.resolve([3, 4]),
    }
    const { encoder: one } = await fromLangChain({ embeddings, ids: { embeddings: 'two' } })
    expect(one.dimension).toBe(2)
    expect((await one.encode(['x'])).embeddings).toEqual([Float32Array.of(0, 1)])
    vectors = [[1, 2, 3]]
    await expect(one.encode(['x'])).rejects.toMatchObject({ code: 'embedding', encoder: 'two', dimension: 2 })
  })

  test('a model as it is gets temperature, seed and length as call options; an answer that was cut says so', async () => {
    const asked: object[] = []
    const model = {
      invoke: (_: unknown, options: object = {}) => {
        asked.push(options)
        return Promise.resolve(
          new AIMessage({ content: 'so', response_metadata: { stop_reason: 'max_tokens' } }),
        )
      },
      stream: () => Promise.reject(new Error('unused')),
    }
    const { generator: one } = await fromLangChain({ model, ids: { model: 'fake' } })
    const request = {
      messages: [{ role: 'user', content: 'x' }] as const,
      temperature: 0.5,
      seed: 3,
      maxTokens: 1,
    }
    const { generations } = await one.generate([request])
    expect(asked).toEqual([{ temperature: 0.5, seed: 3, maxTokens: 1 }])
    expect(generations[0]).toMatchObject({ text: 'so', finishReason: 'length' })
  })
})
