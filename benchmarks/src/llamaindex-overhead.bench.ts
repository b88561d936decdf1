/**
 * What `@mop/llamaindex` adds to a call at the paper's size, K = 100, J = 1,000, d = 128, d′ = 384: a model that answers at once,
 * and inputs whose embeddings are remembered. Prints p50 and p99 in milliseconds, beside the framework's own call.
 */
import {
  type ChatResponse,
  type ChatResponseChunk,
  type LLMChatParamsNonStreaming,
  type LLMChatParamsStreaming,
  type LLMMetadata,
  ToolCallLLM,
} from '@llamaindex/core/llms'
import { bindEncoder } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { MopPromptTemplate, withMop } from '@mop/llamaindex'

const dimension = 384
const mixture = bindEncoder(
  exampleMixture({ personas: 100, exemplars: 1000, rank: 128, dimension }),
  fakeEncoder({ dimension }),
)

/** The framework's own mock waits between its tokens. */
class InstantLLM extends ToolCallLLM {
  supportToolCall = true

  get metadata(): LLMMetadata {
    return {
      model: 'instant',
      temperature: 1,
      topP: 1,
      contextWindow: 4096,
      tokenizer: undefined,
      structuredOutput: false,
    }
  }

  override chat(params: LLMChatParamsStreaming): Promise<AsyncIterable<ChatResponseChunk>>
  override chat(params: LLMChatParamsNonStreaming): Promise<ChatResponse>
  override async chat(
    params: LLMChatParamsStreaming | LLMChatParamsNonStreaming,
  ): Promise<AsyncIterable<ChatResponseChunk> | ChatResponse> {
    if (params.stream === true) return pieces()
    return { message: { role: 'assistant', content: 'It was warm.' }, raw: {} }
  }
}

async function* pieces(): AsyncGenerator<ChatResponseChunk> {
  for (const delta of ['It', ' was', ' warm.']) yield { delta, raw: {} }
}

const inner = new InstantLLM()
const crowd = withMop(inner, mixture)
const inputs = Array.from({ length: 64 }, (_, index) => `How was the soup of table ${index}?`)
for (const input of inputs) await mixture.embed(input)

async function measure(name: string, work: (content: string) => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let n = -200; n < 2000; n += 1) {
    const input = inputs[(n + 200) % inputs.length] as string
    const start = performance.now()
    await work(input)
    if (n >= 0) times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): string => (times[Math.floor(share * times.length)] as number).toFixed(3)
  process.stdout.write(`${name.padEnd(30)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms\n`)
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const asked = (content: string) => ({ messages: [{ role: 'user' as const, content }] })
await measure('chat, without the adapter', (input) => inner.chat(asked(input)))
await measure('chat', (input) => crowd.chat(asked(input)))
await measure('stream, without the adapter', async (input) =>
  drain(await inner.chat({ ...asked(input), stream: true })),
)
await measure('stream', async (input) => drain(await crowd.chat({ ...asked(input), stream: true })))
await measure('MopPromptTemplate.draw, format', async (input) =>
  (await MopPromptTemplate.draw(mixture, input)).format(),
)
