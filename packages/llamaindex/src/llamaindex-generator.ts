import {
  addUsage,
  type GenerateRequest,
  type Generation,
  InvalidArgumentError,
  noUsage,
  type TextGenerator,
} from '@mop/core'
import pMap from 'p-map'
import { abortable } from './abortable.ts'
import { answerDetails } from './answer-details.ts'
import type { ChatModel } from './mop-llm.ts'
import { textOf } from './place-prompt.ts'

export interface LlamaIndexGeneratorOptions {
  /** Names the model. Default `llm.metadata.model`. */
  readonly id?: string | undefined
  /**
   * A request in the `additionalChatOptions` of the model's provider. Default `({ temperature, seed, maxTokens }) =>
   * ({ temperature, seed, max_tokens: maxTokens })`, in OpenAI's names.
   */
  readonly chatOptions?:
    | ((request: GenerateRequest & { readonly signal: AbortSignal | undefined }) => object)
    | undefined
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number | undefined
}

/**
 * A LlamaIndex model as core's `TextGenerator`. Tokens and `length` are read from answers in OpenAI's or Anthropic's form;
 * for others tokens are estimated. Errors of the model travel.
 * `generate` throws InvalidArgumentError for a temperature that is not a number of at least 0.
 */
export function llamaIndexGenerator<ChatOptions extends object>(
  llm: Pick<ChatModel<ChatOptions>, 'chat' | 'metadata'>,
  options: LlamaIndexGeneratorOptions = {},
): TextGenerator {
  const { id = llm.metadata.model, chatOptions = openAiOptions, concurrency = 4 } = options
  return {
    id,
    async generate(requests, { signal, onGeneration } = {}) {
      signal?.throwIfAborted()
      for (const { temperature } of requests) requireTemperature(temperature)
      const answer = async (request: GenerateRequest, index: number): Promise<Generation> => {
        const { message, raw } = await abortable(
          llm.chat({
            messages: request.messages.map(({ role, content }) => ({ role, content })),
            additionalChatOptions: chatOptions({ ...request, signal }) as ChatOptions,
          }),
          signal,
        )
        const text = textOf(message.content)
        const generation = { text, ...answerDetails(raw, request, text) }
        onGeneration?.(index, generation)
        return generation
      }
      const generations = await pMap(requests, answer, { concurrency, ...(signal && { signal }) })
      const usage = generations.reduce((sum, generation) => addUsage(sum, generation.usage), noUsage)
      return { generations, usage }
    },
  }
}

function openAiOptions({ temperature, seed, maxTokens }: GenerateRequest): object {
  return { temperature, seed, ...(maxTokens !== undefined && { max_tokens: maxTokens }) }
}

/** JSON would carry NaN as null, and the service take its default. */
function requireTemperature(temperature: number): void {
  if (temperature >= 0 && temperature < Infinity) return
  throw new InvalidArgumentError({
    argument: 'temperature',
    expected: 'finite and at least 0',
    found: temperature,
  })
}
