import type { Usage } from '@mop/core'
import type { Token } from 'node-llama-cpp'
import { assertFits } from '../engine/assert-fits.ts'
import type { PromptSegments } from '../engine/chat-format.ts'
import type { Evaluator } from '../engine/evaluator.ts'
import type { LocalModel } from '../engine/local-model.ts'

export interface DrawRequest {
  readonly segments: PromptSegments
  /** τ ≥ 0 over the full vocabulary; 0 takes the likeliest token. */
  readonly temperature: number
  readonly seed: number
  readonly maxTokens: number
  /** Position in the call, for errors. */
  readonly index: number
  /** Number of likeliest tokens to report at each step. Absent: no log-probabilities. */
  readonly top?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Returning false stops the answer after this token. */
  readonly onToken?: ((drawn: DrawnToken) => boolean | void) | undefined
}

export interface DrawnToken {
  readonly token: Token
  /** log p at temperature 1 of the token and of the likeliest ones, likeliest first. Absent unless asked for. */
  readonly logProbabilities?: ReadonlyMap<number, number> | undefined
}

export interface DrawnTokens {
  /** Without the token that ended the answer. */
  readonly tokens: readonly Token[]
  /** `stop` at an end-of-generation token or when `onToken` said so. */
  readonly finishReason: 'stop' | 'length'
  readonly usage: Usage
}

/** Draws one answer token by token, holding the model until it ends. */
export function drawTokens(model: LocalModel, request: DrawRequest): Promise<DrawnTokens> {
  const inputTokens = request.segments.reduce((sum, segment) => sum + segment.length, 0)
  assertFits(model, inputTokens + 1, request.index)
  return model.exclusive((evaluator) => draw(model, evaluator, request, inputTokens), request.signal)
}

async function draw(
  model: LocalModel,
  evaluator: Evaluator,
  request: DrawRequest,
  inputTokens: number,
): Promise<DrawnTokens> {
  const limit = Math.min(request.maxTokens, model.contextSize - inputTokens)
  const before = evaluator.evaluatedTokens
  const tokens: Token[] = []
  let finishReason: DrawnTokens['finishReason'] = 'length'
  const sampler = evaluator.createSampler(request.temperature, samplerSeed(request.seed))
  try {
    const last = request.segments.at(-1) ?? []
    const resident = [...request.segments.slice(0, -1), last.slice(0, -1)].filter(
      (segment) => segment.length > 0,
    )
    let next = last.slice(-1)
    if (limit > 0) await evaluator.advance(resident, model.threads)
    while (tokens.length < limit) {
      request.signal?.throwIfAborted()
      const handle = await evaluator.step(next, model.threads)
      const token = (await sampler.draw(handle)) as Token
      if (model.isEndOfGeneration(token)) {
        finishReason = 'stop'
        break
      }
      tokens.push(token)
      const logProbabilities =
        request.top === undefined ? undefined : await sampler.top(handle, token, request.top)
      if (request.onToken?.({ token, logProbabilities }) === false) {
        finishReason = 'stop'
        break
      }
      next = [token]
    }
  } finally {
    sampler.dispose()
    evaluator.endGeneration()
  }
  const evaluatedTokens = evaluator.evaluatedTokens - before
  return {
    tokens,
    finishReason,
    usage: { calls: 1, inputTokens, outputTokens: tokens.length, evaluatedTokens },
  }
}

/** Folds a seed to 32 bits; llama.cpp takes 2³² − 1 for "any seed", which would not be reproducible. */
function samplerSeed(seed: number): number {
  const high = Math.floor(seed / 2 ** 32)
  const folded = ((seed >>> 0) ^ Math.imul(high, 0x9e3779b1)) >>> 0
  return folded === 0xffffffff ? 0x7fffffff : folded
}
