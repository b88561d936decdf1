import { setImmediate } from 'node:timers/promises'
import { noUsage } from '@mop/core'
import type { LikelihoodScorer, Score, ScoreOptions, ScoreRequest, ScoreResult } from '@mop/core'
import type { Evaluator } from '../engine/evaluator.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { planJobs, tokensOf } from './score-job.ts'
import type { ScoreJob } from './score-job.ts'

const countedAtOnce = 256

/**
 * Exact log-likelihoods under a local model: log-softmax over the full vocabulary, at every temperature of the call
 * from one evaluation. Requests are reordered inside a call so that a shared prefix is computed once; results keep the
 * order of the requests. With a reproducible model, a score is the same bit for bit whatever else is in the call.
 * @throws RequestTooLongError before anything is evaluated when a request does not fit.
 */
export function createLocalScorer(model: LocalModel): LikelihoodScorer {
  return {
    id: model.id,
    score: (requests, options) => scoreRequests(model, requests, options ?? {}),
    async countTokens(requests, { signal } = {}) {
      const tokens: number[] = []
      for (const [index, request] of requests.entries()) {
        // Tokenising many requests takes a while: signals and input get their turn.
        if (index % countedAtOnce === 0) await setImmediate()
        signal?.throwIfAborted()
        tokens.push(tokensOf(model, request))
      }
      return { tokens, limit: model.contextSize }
    },
  }
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
    const { logLikelihoods, evaluatedTokens } = await model.exclusive(
      (evaluator) => scoreJob(evaluator, job, temperatures, model.threads),
      signal,
    )
    usage.evaluatedTokens += evaluatedTokens
    for (const index of job.indexes) {
      const score = { logLikelihoods: Float64Array.from(logLikelihoods), tokens: job.targets.length }
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
  job: ScoreJob,
  temperatures: readonly number[],
  threads: number,
): Promise<{ logLikelihoods: readonly number[]; evaluatedTokens: number }> {
  if (job.targets.length === 0) return { logLikelihoods: temperatures.map(() => 0), evaluatedTokens: 0 }
  const before = evaluator.evaluatedTokens
  await evaluator.advance(job.segments, threads)
  const rows = await evaluator.score(job.tail, job.targets, temperatures, threads)
  const logLikelihoods = rows.map((row) => row.reduce((sum, value) => sum + value, 0))
  return { logLikelihoods, evaluatedTokens: evaluator.evaluatedTokens - before }
}

function checkTemperatures(temperatures: readonly number[]): void {
  for (const temperature of temperatures) {
    if (!(temperature > 0 && Number.isFinite(temperature))) {
      throw new RangeError(`A temperature must be a finite number above 0, not ${temperature}.`)
    }
  }
}
