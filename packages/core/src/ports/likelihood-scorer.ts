import type { ChatMessage } from './chat-message.ts'
import type { Usage } from './usage.ts'

export interface ScoreRequest {
  /** The prompt. A final `assistant` message is a prefix of the answer, which `continuation` continues. */
  readonly messages: readonly ChatMessage[]
  /** The text whose log-probability is asked for. May be empty. */
  readonly continuation: string
  /**
   * Whether the end of the answer is part of what is scored (the end-of-turn token after `continuation`).
   * Default true: log p of the whole answer. False scores the continuation as a prefix.
   */
  readonly ends?: boolean
}

export interface Score {
  /** log p^τ(continuation | messages) in nats, one per temperature of the call, in their order. */
  readonly logLikelihoods: Float64Array
  /** Tokens the sum runs over (the end-of-turn token included where scored). */
  readonly tokens: number
}

export interface ScoreOptions {
  /** Temperatures τ > 0: logits are divided by τ before the softmax over the FULL vocabulary. Default [1]. */
  readonly temperatures?: readonly number[]
  readonly signal?: AbortSignal
  /** Called as soon as a request is scored, so that what was paid for can be kept. In any order. */
  readonly onScore?: (index: number, score: Score) => void
}

export interface ScoreResult {
  /** In the order of the requests. */
  readonly scores: readonly Score[]
  readonly usage: Usage
}

/** What requests would take, without scoring them. */
export interface RequestLengths {
  /** Tokens of each request, prompt and answer together, in the order of the requests. */
  readonly tokens: readonly number[]
  /** The most tokens that one request may have; Infinity where there is no limit. */
  readonly limit: number
}

/**
 * Exact log-likelihoods of given continuations under a frozen language model.
 * Additive: log p(ab | m) = log p(a | m, ends: false) + log p(b | m + a) wherever the tokenizer splits between a and b.
 * Engines reuse the prefix that neighbouring requests share, so callers sort requests by component.
 */
export interface LikelihoodScorer {
  /** Names model, quantisation and settings that change the numbers. */
  readonly id: string
  /** @throws RequestTooLongError for a request that the model cannot take, before any request of the call is scored. */
  score(requests: readonly ScoreRequest[], options?: ScoreOptions): Promise<ScoreResult>
  /** Tells beforehand which requests `score` would refuse. Left out by scorers that cannot count tokens. */
  countTokens?(
    requests: readonly ScoreRequest[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<RequestLengths>
}
