import { OpenAI } from '@llamaindex/openai'
import type { DrawReport } from '@mop/core'
import { drawReport, withMop } from '@mop/llamaindex'
import type { AdapterCall } from './adapter-call.ts'

/** One member of the population answers, piece by piece; then who it was. */
export async function* answer(call: AdapterCall): AsyncGenerator<string, DrawReport> {
  const { mixture, baseURL, apiKey, model, question, seed, given, signal } = call
  const person = withMop(new OpenAI({ model, apiKey, baseURL, maxRetries: 1 }), mixture)
  const stream = await person.chat({
    messages: [{ role: 'user', content: question }],
    stream: true,
    additionalChatOptions: { seed, mop: { seed, given, signal } },
  })
  let draw: DrawReport | undefined
  for await (const chunk of stream) {
    draw ??= drawReport(chunk)
    yield chunk.delta
  }
  if (draw === undefined) throw new Error('The model gave no answer.')
  return draw
}
