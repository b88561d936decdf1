import { bindEncoder, drawPrompt } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { fromAiSdk, type MopMetadata, mopMiddleware, simulatePopulation, withMop } from '@mop/ai-sdk/v6'
import {
  generateText,
  jsonSchema,
  Output,
  stepCountIs,
  streamText,
  tool,
  ToolLoopAgent,
  wrapLanguageModel,
} from 'ai-v6'
import { MockEmbeddingModelV3, MockLanguageModelV3, simulateReadableStream } from 'ai-v6/test'
import { expect, test, vi } from 'vitest'

// Where AI SDK 6 is installed under its own name, `withMop` finds it there.
vi.mock('ai', () => import('ai-v6'))

type Result = Awaited<ReturnType<MockLanguageModelV3['doGenerate']>>

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const prompt = 'How was the soup?'
const usage: Result['usage'] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
}
const text = (answer: string): Result => ({
  content: [{ type: 'text', text: answer }],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage,
  warnings: [],
})
const draw = await drawPrompt(mixture, [{ role: 'user', content: prompt }], { seed: 1 })

test('a middleware and a wrapped model of AI SDK 6, by its own types', async () => {
  const inner = new MockLanguageModelV3({ doGenerate: text('{"stars":4}') })
  const wrapped = [
    withMop(inner, mixture, { seed: 1 }),
    wrapLanguageModel({ model: inner, middleware: mopMiddleware(mixture, { seed: 1 }) }),
  ]
  const schema = jsonSchema<{ stars: number }>({
    type: 'object',
    properties: { stars: { type: 'number' } },
    required: ['stars'],
  })
  for (const model of wrapped) {
    expect(model.specificationVersion).toBe('v3')
    const { output, providerMetadata } = await generateText({
      model,
      prompt,
      output: Output.object({ schema }),
    })
    expect(output.stars).toBe(4)
    expect(providerMetadata).toEqual({ mop: draw.report })
  }
})

test('a stream of AI SDK 6 reports the draw at its end', async () => {
  const chunks = [
    { type: 'text-start' as const, id: '1' },
    { type: 'text-delta' as const, id: '1', delta: 'Warm.' },
    { type: 'text-end' as const, id: '1' },
    { type: 'finish' as const, finishReason: { unified: 'stop' as const, raw: 'stop' }, usage },
  ]
  const inner = new MockLanguageModelV3({
    doStream: () => Promise.resolve({ stream: simulateReadableStream({ chunks }) }),
  })
  const result = streamText({ model: withMop(inner, mixture, { seed: 1 }), prompt })
  expect(await result.text).toBe('Warm.')
  expect(await result.providerMetadata).toEqual({ mop: draw.report })
})

test('agents of AI SDK 6 keep a draw for each run, at the same time too', async () => {
  const inner = new MockLanguageModelV3({
    doGenerate: async ({ prompt: messages }) => {
      await Promise.resolve()
      if (messages.some(({ role }) => role === 'tool')) return text('Done.')
      return {
        ...text(''),
        content: [{ type: 'tool-call', toolCallId: 'same', toolName: 'look', input: '{}' }],
        finishReason: { unified: 'tool-calls', raw: undefined },
      }
    },
  })
  const look = tool({
    inputSchema: jsonSchema<object>({ type: 'object', properties: {} }),
    execute: () => 'Nothing there.',
  })
  const agent = new ToolLoopAgent({
    model: withMop(inner, mixture),
    tools: { look },
    stopWhen: stepCountIs(5),
  })
  const runs = await Promise.all(Array.from({ length: 20 }, () => agent.generate({ prompt })))
  const seeds = runs.map(({ steps }) => {
    const drawn = steps.map(({ providerMetadata }) => providerMetadata?.['mop'] as MopMetadata | undefined)
    expect(drawn).toHaveLength(2)
    expect(drawn[1]).toEqual(drawn[0])
    return drawn[0]?.seed
  })
  expect(new Set(seeds).size).toBe(20)
})

test('models of AI SDK 6 become ports and answer for a population', async () => {
  const model = new MockLanguageModelV3({ doGenerate: text('Warm.') })
  const embeddingModel = new MockEmbeddingModelV3({
    doEmbed: ({ values }) =>
      Promise.resolve({ embeddings: values.map(() => [3, 4]), usage: { tokens: 1 }, warnings: [] }),
  })
  const { generator, encoder } = await fromAiSdk({ model, embeddingModel })
  expect(encoder.dimension).toBe(2)
  expect((await encoder.encode(['a'])).embeddings).toEqual([Float32Array.of(0.6, 0.8)])
  const { rows } = await simulatePopulation({ model, mixture, prompt, n: 3 })
  expect(rows.map(({ output, model: id }) => [output, id])).toEqual(Array(3).fill(['Warm.', generator.id]))
})
