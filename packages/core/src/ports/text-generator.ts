import type { ChatMessage } from './chat-message.ts'
import type { Usage } from './usage.ts'

export interface GenerateRequest {
  readonly messages: readonly ChatMessage[]
  /** Sampling temperature τ ≥ 0 over the full vocabulary; 0 is greedy. */
  readonly temperature: number
  /** Same seed, same messages, same temperature: same text, where the engine can promise it. */
  readonly seed: number
  /** Default: the generator's own. */
  readonly maxTokens?: number
}

export interface Generation {
  readonly text: string
  /** `length` when cut at `maxTokens` or at the end of the context. */
  readonly finishReason: 'stop' | 'length'
  readonly usage: Usage
}

export interface GenerateOptions {
  readonly signal?: AbortSignal
  /** Called as soon as a request is answered, in any order. */
  readonly onGeneration?: (index: number, generation: Generation) => void
}

export interface GenerateResult {
  /** In the order of the requests. */
  readonly generations: readonly Generation[]
  readonly usage: Usage
}

export interface TextGenerator {
  /** Names the model. */
  readonly id: string
  /** @throws RequestTooLongError for a prompt that leaves no room for an answer. */
  generate(requests: readonly GenerateRequest[], options?: GenerateOptions): Promise<GenerateResult>
}
