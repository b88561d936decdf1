import { ChatOpenAI } from '@langchain/openai'
import type { DrawReport } from '@mop/core'
import { MixtureOfPersonas } from '@mop/langchain'
import type { AdapterCall } from './adapter-call.ts'

/** One member of the population answers, piece by piece; then who it was. */
export async function* answer(call: AdapterCall): AsyncGenerator<string, DrawReport> {
  const { mixture, baseURL, apiKey, model, question, seed, given, signal } = call
  const person = new MixtureOfPersonas({
    mixture,
    model: ({ temperature }) =>
      new ChatOpenAI({
        model,
        apiKey,
        temperature,
        configuration: { baseURL },
        modelKwargs: { seed },
        maxRetries: 1,
      }),
  })
  const stream = await person.stream(question, { configurable: { mop: { seed, given } }, signal })
  let draw: DrawReport | undefined
  for await (const chunk of stream) {
    draw ??= chunk.response_metadata['mop'] as DrawReport
    yield chunk.text
  }
  if (draw === undefined) throw new Error('The model gave no answer.')
  return draw
}
