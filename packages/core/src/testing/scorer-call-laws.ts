import { RequestTooLongError } from '../errors/request-too-long-error.ts'
import type { Score, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { addUsage } from '../ports/usage.ts'
import { ensure, requireCancellation, requireClose } from './contract-case.ts'
import { longText } from './sample-texts.ts'
import { question, warm, requests, type ScorerLaw } from './scorer-under-test.ts'

/** What callers may rely on from call to call: identity, order, counts, progress, cancellation. */
export const scorerCallLaws: readonly ScorerLaw[] = [
  {
    name: 'the id is stable',
    check: async (subject) => {
      const again = await subject.again()
      ensure(
        subject.scorer.id.length > 0 && again.id === subject.scorer.id,
        'the id must be the same each time',
        `${subject.scorer.id} and ${again.id}`,
      )
    },
  },
  {
    name: 'the same call gives the same numbers, whatever stands beside a request',
    check: async (subject) => {
      const first = await subject.scores(requests)
      const second = await subject.scores(requests)
      const backwards = (await subject.scores(requests.toReversed())).toReversed()
      for (const [index, { logLikelihoods, tokens }] of first.entries()) {
        const value = logLikelihoods[0] ?? Number.NaN
        requireClose(
          second[index]?.logLikelihoods[0] ?? Number.NaN,
          value,
          subject.tolerance,
          'a repeated call must give the same log p',
        )
        requireClose(
          backwards[index]?.logLikelihoods[0] ?? Number.NaN,
          value,
          subject.tolerance,
          'log p must not depend on the order of the requests',
        )
        requireClose(
          await subject.logLikelihood(requests[index] as ScoreRequest),
          value,
          subject.tolerance,
          'log p alone must equal log p in a batch',
        )
        ensure(
          second[index]?.tokens === tokens && backwards[index]?.tokens === tokens,
          'tokens must not depend on the batch',
          tokens,
        )
      }
      requireClose(
        first[3]?.logLikelihoods[0] ?? Number.NaN,
        first[0]?.logLikelihoods[0] ?? Number.NaN,
        subject.tolerance,
        'equal requests of a batch must have equal log p',
      )
    },
  },
  {
    name: 'usage adds up',
    check: async (subject) => {
      const { scores, usage } = await subject.scorer.score(requests)
      ensure(usage.calls === requests.length, 'usage.calls must be the number of requests', usage.calls)
      const tokens = scores.reduce((sum, score) => sum + score.tokens, 0)
      ensure(
        usage.outputTokens === tokens,
        `usage.outputTokens must be the ${tokens} tokens scored`,
        usage.outputTokens,
      )
      ensure(usage.inputTokens > 0, 'usage.inputTokens must count the prompts', usage.inputTokens)
      ensure(
        usage.evaluatedTokens > 0 && usage.evaluatedTokens <= usage.inputTokens + usage.outputTokens,
        'no more tokens can be evaluated than were given',
        usage,
      )
      const parts = await Promise.all(
        requests.map(async (request) => (await subject.scorer.score([request])).usage),
      )
      const sum = parts.reduce(addUsage)
      ensure(
        sum.inputTokens === usage.inputTokens && sum.outputTokens === usage.outputTokens,
        'a batch must count the tokens of its requests',
        usage,
      )
      const none = await subject.scorer.score([])
      ensure(
        none.scores.length === 0 && none.usage.calls === 0,
        'no requests must give no scores and cost nothing',
        none,
      )
    },
  },
  {
    name: 'where it counts tokens, it counts those of the usage and refuses what is above its limit, by position',
    check: async (subject) => {
      const { scorer } = subject
      if (scorer.countTokens === undefined) return
      const { tokens, limit } = await scorer.countTokens(requests)
      ensure(
        tokens.length === requests.length && limit > 0,
        'there must be one count per request and a limit above 0',
        { tokens, limit },
      )
      for (const [index, request] of requests.entries()) {
        const { usage } = await scorer.score([request])
        ensure(
          tokens[index] === usage.inputTokens + usage.outputTokens,
          `the ${usage.inputTokens + usage.outputTokens} tokens of request ${index} must be counted beforehand`,
          tokens[index],
        )
      }
      if (limit === Infinity) return
      const tooLong = { messages: question, continuation: longText.repeat(Math.ceil(limit / 1000)) }
      const counted = (await scorer.countTokens([tooLong])).tokens[0]
      const told: number[] = []
      const refusal: unknown = await scorer
        .score([...requests, tooLong], { onScore: (index) => told.push(index) })
        .catch((error: unknown) => error)
      ensure(
        RequestTooLongError.isInstance(refusal) &&
          refusal.requestIndex === requests.length &&
          refusal.tokens === counted &&
          refusal.limit === limit,
        `request ${requests.length} of ${counted} tokens must be refused by a RequestTooLongError with limit ${limit}`,
        refusal,
      )
      ensure(told.length === 0, 'a call with a request that is too long must score nothing', told)
    },
  },
  {
    name: 'each score is told once, as it is returned',
    check: async (subject) => {
      const told = new Map<number, Score>()
      const { scores } = await subject.scorer.score(requests, {
        onScore: (index, score) => {
          ensure(!told.has(index), `score ${index} must be told once`, 'a second time')
          told.set(index, score)
        },
      })
      ensure(told.size === requests.length, 'every score must be told', told.size)
      for (const [index, score] of scores.entries()) {
        ensure(
          told.get(index)?.logLikelihoods[0] === score.logLikelihoods[0],
          `score ${index} must be told as it is returned`,
          told.get(index),
        )
      }
    },
  },
  {
    name: 'an aborted signal rejects with its reason',
    check: async (subject) => {
      const many = Array.from({ length: 60 }, (_, index): ScoreRequest => ({
        messages: index % 2 === 0 ? question : warm,
        continuation: `answer ${index}`,
      }))
      await requireCancellation((signal, onFirst) => subject.scorer.score(many, { signal, onScore: onFirst }))
    },
  },
]
