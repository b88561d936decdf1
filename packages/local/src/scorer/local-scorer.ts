import { noUsage } from '@mop/core'
import type { LikelihoodScorer, Score, ScoreOptions, ScoreRequest, ScoreResult } from '@mop/core'
import type { Token } from 'node-llama-cpp'
import type { PromptSegments } from '../engine/chat-format.ts'
import type { Evaluator } from '../engine/evaluator.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { ContextOverflowError } from '../errors/context-overflow-error.ts'

/**
 * Exact log-likelihoods under a local model: log-softmax over the full vocabulary, at every temperature of the call from one evaluation.
 * Requests are reordered inside a call so that a shared prefix is computed once; results keep the order of the requests.
 * With a reproducible model, a score is the same bit for bit whatever else is in the call.
 */
export function createLocalScorer(model: LocalModel): LikelihoodScorer {
  return { id: model.id, score: (requests, options) => scoreRequests(model, requests, options ?? {}) }
}

interface Job {
  /** Positions in the call of the requests that are this one; several when a request is repeated. */
  readonly indexes: number[]
  readonly key: string
  /** The prompt without its last token, which is evaluated with the tail. */
  readonly segments: PromptSegments
  readonly tail: readonly Token[]
  readonly targets: readonly Token[]
  readonly promptTokens: number
}

async function scoreRequests(
  model: LocalModel,
  requests: readonly ScoreRequest[],
  { temperatures = [1], signal, onScore }: ScoreOptions,
): Promise<ScoreResult> {
  checkTemperatures(temperatures)
  signal?.throwIfAborted()
  const scores: Score[] = []
  const usage = { ...noUsage }
  for (const job of planJobs(model, requests)) {
    const before = usage.evaluatedTokens
    const logLikelihoods = await model.exclusive(async ([evaluator]) => {
      if (evaluator === undefined || job.targets.length === 0) return temperatures.map(() => 0)
      return scoreJob(
        evaluator,
        job,
        temperatures,
        model.threads,
        (tokens) => (usage.evaluatedTokens = before + tokens),
      )
    }, signal)
    for (const index of job.indexes) {
      const score: Score = { logLikelihoods: Float64Array.from(logLikelihoods), tokens: job.targets.length }
      scores[index] = score
      usage.calls += 1
      usage.inputTokens += job.promptTokens
      usage.outputTokens += job.targets.length
      onScore?.(index, score)
    }
  }
  return { scores, usage }
}

async function scoreJob(
  evaluator: Evaluator,
  job: Job,
  temperatures: readonly number[],
  threads: number,
  onEvaluated: (tokens: number) => void,
): Promise<number[]> {
  const before = evaluator.evaluatedTokens
  await evaluator.advance(job.segments, threads)
  const { values } = await evaluator.score(job.tail, job.targets, temperatures, threads)
  onEvaluated(evaluator.evaluatedTokens - before)
  return values.map((row) => row.reduce((sum, value) => sum + value, 0))
}

/** One job per different request, in an order that puts prompts with a common beginning side by side. */
function planJobs(model: LocalModel, requests: readonly ScoreRequest[]): Job[] {
  const jobs = new Map<string, Job>()
  for (const [index, request] of requests.entries()) {
    const job = planJob(model, request, index)
    const known = jobs.get(job.key)
    if (known === undefined) jobs.set(job.key, job)
    else known.indexes.push(index)
  }
  return [...jobs.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

function planJob(model: LocalModel, request: ScoreRequest, index: number): Job {
  const prompt = model.format.segments(request.messages)
  const continuation = model.tokenize(request.continuation)
  const targets = (request.ends ?? true) ? [...continuation, model.format.endOfTurn] : continuation
  const promptTokens = prompt.reduce((sum, segment) => sum + segment.length, 0)
  const tokens = promptTokens + targets.length
  if (tokens > model.contextSize)
    throw new ContextOverflowError({ tokens, contextSize: model.contextSize, index })
  const lastSegment = prompt.at(-1) ?? []
  const segments = [...prompt.slice(0, -1), lastSegment.slice(0, -1)].filter((segment) => segment.length > 0)
  const tail = [...lastSegment.slice(-1), ...targets.slice(0, -1)]
  const key = [...segments, tail, targets.slice(-1)].map((part) => part.join(',')).join('|')
  return { indexes: [index], key, segments, tail, targets, promptTokens }
}

function checkTemperatures(temperatures: readonly number[]): void {
  for (const temperature of temperatures) {
    if (!(temperature > 0 && Number.isFinite(temperature))) {
      throw new RangeError(`A temperature must be a finite number above 0, not ${temperature}.`)
    }
  }
}
