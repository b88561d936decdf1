import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import type { LikelihoodScorer, Score, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { addUsage, noUsage } from '../ports/usage.ts'
import { endSymbol, FakeLanguageModel, symbolsOf } from './fake-language-model.ts'

export interface FakeLikelihoodScorerOptions {
  /** Most tokens of one request. Default no limit. */
  readonly limit?: number
}

/** A scorer for tests whose likelihoods are exact: a `FakeLanguageModel` learned from each prompt. One token per character. */
export function fakeLikelihoodScorer({
  limit = Infinity,
}: FakeLikelihoodScorerOptions = {}): LikelihoodScorer {
  return {
    id: 'fake-language-model',
    countTokens: (requests) => Promise.resolve({ tokens: requests.map(tokensOf), limit }),
    async score(requests, { temperatures = [1], signal, onScore } = {}) {
      for (const temperature of temperatures) {
        if (temperature > 0 && Number.isFinite(temperature)) continue
        throw new InvalidArgumentError({
          argument: 'temperatures',
          expected: 'finite and above 0',
          found: temperature,
        })
      }
      signal?.throwIfAborted()
      for (const [requestIndex, request] of requests.entries()) {
        const tokens = tokensOf(request)
        if (tokens > limit) throw new RequestTooLongError({ requestIndex, tokens, limit })
      }
      const scores: Score[] = []
      let usage = noUsage
      let model: { readonly prompt: string; readonly of: FakeLanguageModel } | undefined
      for (const [index, { messages, continuation, ends = true }] of requests.entries()) {
        // Lets an abort through, as a real model does.
        await Promise.resolve()
        signal?.throwIfAborted()
        const prompt = JSON.stringify(messages)
        const reused = model?.prompt === prompt
        if (model === undefined || !reused) model = { prompt, of: new FakeLanguageModel(messages) }
        const symbols = symbolsOf(continuation)
        if (ends) symbols.push(endSymbol)
        const score = {
          logLikelihoods: model.of.logLikelihoods(symbols, temperatures),
          tokens: symbols.length,
        }
        scores.push(score)
        const { promptTokens } = model.of
        usage = addUsage(usage, {
          calls: 1,
          inputTokens: promptTokens,
          outputTokens: symbols.length,
          evaluatedTokens: symbols.length + (reused ? 0 : promptTokens),
        })
        onScore?.(index, score)
      }
      signal?.throwIfAborted()
      return { scores, usage }
    },
  }
}

function tokensOf({ messages, continuation, ends = true }: ScoreRequest): number {
  return new FakeLanguageModel(messages).promptTokens + symbolsOf(continuation).length + (ends ? 1 : 0)
}
