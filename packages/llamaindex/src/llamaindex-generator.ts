import { createAnswerGenerator, type GenerateRequest, type TextGenerator } from '@mop/core'
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
  const { id = llm.metadata.model, chatOptions = openAiOptions, concurrency } = options
  return createAnswerGenerator({
    id,
    concurrency,
    answer: async (request, { signal }) => {
      const { message, raw } = await llm.chat({
        messages: request.messages.map(({ role, content }) => ({ role, content })),
        additionalChatOptions: chatOptions({ ...request, signal }) as ChatOptions,
      })
      const text = textOf(message.content)
      return { text, ...answerDetails(raw, request, text) }
    },
  })
}

function openAiOptions({ temperature, seed, maxTokens }: GenerateRequest): object {
  return { temperature, seed, ...(maxTokens !== undefined && { max_tokens: maxTokens }) }
}
