import type { ScoreRequest } from '@mop/core'
import type { Token } from 'node-llama-cpp'
import { assertFits } from '../engine/assert-fits.ts'
import type { PromptSegments } from '../engine/chat-format.ts'
import type { LocalModel } from '../engine/local-model.ts'

/** One evaluation that answers one or several equal requests. */
export interface ScoreJob {
  /** Positions in the call of the requests that are this one; several when a request is repeated. */
  readonly indexes: number[]
  readonly key: string
  /** The prompt without its last token, which is evaluated with the tail. */
  readonly segments: PromptSegments
  readonly tail: readonly Token[]
  readonly targets: readonly Token[]
  readonly promptTokens: number
}

/** One job per different request, in an order that puts prompts with a common beginning side by side. */
export function planJobs(model: LocalModel, requests: readonly ScoreRequest[]): ScoreJob[] {
  const jobs = new Map<string, ScoreJob>()
  for (const [index, request] of requests.entries()) {
    const job = planJob(model, request, index)
    const known = jobs.get(job.key)
    if (known === undefined) jobs.set(job.key, job)
    else known.indexes.push(index)
  }
  return [...jobs.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function planJob(model: LocalModel, request: ScoreRequest, index: number): ScoreJob {
  const { prompt, targets, promptTokens } = tokenize(model, request)
  assertFits(model, promptTokens + targets.length, index)
  const lastSegment = prompt.at(-1) ?? []
  const segments = [...prompt.slice(0, -1), lastSegment.slice(0, -1)].filter((segment) => segment.length > 0)
  const tail = [...lastSegment.slice(-1), ...targets.slice(0, -1)]
  const key = [...segments, tail, targets.slice(-1)].map((part) => part.join(',')).join('|')
  return { indexes: [index], key, segments, tail, targets, promptTokens }
}

/** Tokens of a request, prompt and answer together. */
export function tokensOf(model: LocalModel, request: ScoreRequest): number {
  const { targets, promptTokens } = tokenize(model, request)
  return promptTokens + targets.length
}

function tokenize(
  model: LocalModel,
  request: ScoreRequest,
): { prompt: PromptSegments; targets: readonly Token[]; promptTokens: number } {
  const { segments: prompt, answerTokens } = model.format.prompt(request.messages)
  const continuation = answerTokens(request.continuation)
  const targets = (request.ends ?? true) ? [...continuation, model.format.endOfTurn] : continuation
  return { prompt, targets, promptTokens: prompt.reduce((sum, segment) => sum + segment.length, 0) }
}
