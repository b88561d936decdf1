import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages'
import { type ChatMessage, createAnswerGenerator, type Generation, type TextGenerator } from '@mop/core'
import { type ModelAt, modelAt } from './model-at.ts'

export interface LangChainGeneratorOptions {
  /** Names the model. */
  readonly id: string
  /** Calls at the same time. Default 4. */
  readonly concurrency?: number | undefined
}

/**
 * A chat model as core's generator. Temperature, seed and length go to the model as `ModelAt` says; whether a seed is heeded is
 * the integration's affair. Errors of the model travel.
 */
export function langChainGenerator(
  model: ModelAt<BaseMessage>,
  options: LangChainGeneratorOptions,
): TextGenerator {
  return createAnswerGenerator({
    ...options,
    answer: async ({ messages, ...settings }, { signal }) => {
      const call = { ...settings, ...(signal !== undefined && { signal }) }
      return generationOf(await modelAt(model, settings).invoke(messages.map(messageOf), call))
    },
  })
}

function messageOf({ role, content }: ChatMessage): BaseMessage {
  if (role === 'system') return new SystemMessage(content)
  return role === 'assistant' ? new AIMessage(content) : new HumanMessage(content)
}

function generationOf(message: BaseMessage): Generation {
  const { input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = tokensOf(message)
  const reason: unknown =
    message.response_metadata['finish_reason'] ?? message.response_metadata['stop_reason']
  return {
    text: message.text.toWellFormed(),
    finishReason: /length|max_tokens/i.test(String(reason)) ? 'length' : 'stop',
    usage: { calls: 1, inputTokens, outputTokens, evaluatedTokens: inputTokens + outputTokens },
  }
}

function tokensOf(message: BaseMessage): { readonly input_tokens?: number; readonly output_tokens?: number } {
  return ('usage_metadata' in message && message.usage_metadata) || {}
}
