import type { Usage } from '@mop/core'
import type { Token } from 'node-llama-cpp'
import type { PromptSegments } from '../engine/chat-format.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { drawTokens } from '../generator/draw-tokens.ts'
import type { DrawnToken } from '../generator/draw-tokens.ts'
import { TextAssembler } from './text-assembler.ts'

export interface AnswerRequest {
  readonly segments: PromptSegments
  readonly temperature: number
  readonly seed: number
  readonly maxTokens: number
  readonly stops: readonly string[]
  readonly top: number | undefined
  /** Spaces that stand before the answer and are no part of it. Default 0. */
  readonly spacesBefore?: number
  readonly signal: AbortSignal
  /** Called for each token with the text that became certain with it, which may be empty. */
  readonly onText?: (text: string, drawn: DrawnToken | undefined) => void
}

export interface Answer {
  readonly text: string
  readonly drawn: readonly DrawnToken[]
  readonly finishReason: 'stop' | 'length'
  readonly usage: Usage
}

/** One answer as text, cut before the first stop string. */
export async function drawAnswer(model: LocalModel, request: AnswerRequest): Promise<Answer> {
  const assembler = new TextAssembler(request.stops, request.spacesBefore)
  const drawn: DrawnToken[] = []
  let text = ''
  const emit = (added: string, token: DrawnToken | undefined): void => {
    text += added
    if (added !== '' || token !== undefined) request.onText?.(added, token)
  }
  const { finishReason, usage } = await drawTokens(model, {
    segments: request.segments,
    temperature: request.temperature,
    seed: request.seed,
    maxTokens: request.maxTokens,
    index: 0,
    top: request.top,
    signal: request.signal,
    onToken: (token) => {
      drawn.push(token)
      emit(assembler.push(model.textBytes(token.token)), token)
      return !assembler.stopped
    },
  })
  emit(assembler.end(), undefined)
  return { text, drawn, finishReason: assembler.stopped ? 'stop' : finishReason, usage }
}

/** A token as text, for reports of log-probabilities: OpenAI's `bytes:\x..` form where it is no whole character. */
export function tokenName(model: LocalModel, token: Token): string {
  const bytes = model.tokenBytes(token)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return `bytes:${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`
  }
}
