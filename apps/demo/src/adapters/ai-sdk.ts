import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { withMop } from '@mop/ai-sdk'
import type { DrawReport } from '@mop/core'
import { streamText } from 'ai'
import type { AdapterCall } from './adapter-call.ts'

/** One member of the population answers, piece by piece; then who it was. */
export async function* answer(call: AdapterCall): AsyncGenerator<string, DrawReport> {
  const { mixture, baseURL, apiKey, model, question, seed, given, signal } = call
  const provider = createOpenAICompatible({ name: 'page', baseURL, apiKey })
  const { fullStream } = streamText({
    model: withMop(provider.chatModel(model), mixture),
    prompt: question,
    seed,
    providerOptions: { mop: { seed, given } },
    abortSignal: signal,
    maxRetries: 1,
    onError: () => {}, // It is thrown below; the default writes it to the console.
  })
  let draw: unknown
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error
    if (part.type === 'text-delta') yield part.text
    if (part.type === 'finish-step') draw = part.providerMetadata?.['mop']
  }
  return draw as DrawReport
}
