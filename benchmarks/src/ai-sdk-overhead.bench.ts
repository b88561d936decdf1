/**
 * What `@mop/ai-sdk` adds to one call at the paper's size, without encoder and language model: K = 100, J = 1,000, d = 128,
 * d′ = 384, the embedding of the input in memory, a fake model that answers at once. Prints p50 and p99 in milliseconds
 * of the AI SDK's own call, of the same through the adapter, and of the model's method alone, which leaves out the AI SDK.
 */
import { withMop } from '@mop/ai-sdk'
import { bindEncoder } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { generateText, streamText } from 'ai'
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test'

const calls = 2000
const prompt = 'How was the soup?'
const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
}
const finishReason = { unified: 'stop' as const, raw: 'stop' }

/** A new one each time: the mock keeps every call. */
function fakeModel(): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: { content: [{ type: 'text', text: 'Warm.' }], finishReason, usage, warnings: [] },
    doStream: () =>
      Promise.resolve({
        stream: simulateReadableStream({
          initialDelayInMs: null,
          chunkDelayInMs: null,
          chunks: [
            { type: 'text-start' as const, id: '1' },
            ...Array.from({ length: 20 }, () => ({ type: 'text-delta' as const, id: '1', delta: 'warm ' })),
            { type: 'text-end' as const, id: '1' },
            { type: 'finish' as const, finishReason, usage },
          ],
        }),
      }),
  })
}

type Model = ReturnType<typeof withMop>
const ways: readonly (readonly [string, (model: Model) => PromiseLike<unknown>])[] = [
  ['generateText', (model) => generateText({ model, prompt })],
  ['streamText, 20 pieces', (model) => streamText({ model, prompt }).text],
  [
    'doGenerate',
    (model) => model.doGenerate({ prompt: [{ role: 'user', content: [{ type: 'text', text: prompt }] }] }),
  ],
]

const mixture = bindEncoder(
  exampleMixture({ personas: 100, exemplars: 1000, rank: 128, dimension: 384 }),
  fakeEncoder({ dimension: 384 }),
)
for (const [name, call] of ways) {
  // Taken in turns, so that whatever else the machine does meets both alike.
  const times: Record<'alone' | 'through the adapter' | 'added', number[]> = {
    alone: [],
    'through the adapter': [],
    added: [],
  }
  const timed = async (model: Model): Promise<number> => {
    const start = performance.now()
    await call(model)
    return performance.now() - start
  }
  for (let n = -200; n < calls; n += 1) {
    const alone = await timed(fakeModel())
    const through = await timed(withMop(fakeModel(), mixture))
    if (n < 0) continue
    times.alone.push(alone)
    times['through the adapter'].push(through)
    times.added.push(through - alone)
  }
  for (const [way, taken] of Object.entries(times)) {
    taken.sort((a, b) => a - b)
    const at = (share: number): string => (taken[Math.floor(share * taken.length)] as number).toFixed(3)
    process.stdout.write(`${name.padEnd(22)} ${way.padEnd(20)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms\n`)
  }
}
process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`)
