import type { PromptMessage } from './prompt-message.ts'

/** A language model object, as far as it is used here: those of AI SDK 7 (LanguageModelV4) and 6 (LanguageModelV3) both fit. */
export interface ChatModel {
  readonly provider: string
  readonly modelId: string
  doGenerate(options: ChatModelCall): PromiseLike<ChatModelResult>
}

export interface ChatModelCall {
  prompt: PromptMessage[]
  temperature?: number
  seed?: number
  maxOutputTokens?: number
  abortSignal?: AbortSignal
  providerOptions?: Record<string, Record<string, string | number | boolean>>
}

export interface ChatModelResult {
  readonly content: readonly { readonly type: string }[]
  readonly finishReason: { readonly unified: string }
  readonly usage: {
    readonly inputTokens: { readonly total: number | undefined; readonly cacheRead: number | undefined }
    readonly outputTokens: { readonly total: number | undefined }
  }
  readonly response?: { readonly body?: unknown } | undefined
}

/** Names a model as a port's default `id`. */
export function modelName({ provider, modelId }: Pick<ChatModel, 'provider' | 'modelId'>): string {
  return `${provider}/${modelId}`
}
