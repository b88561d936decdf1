import { describe, expect, test } from 'vitest'
import type { LikelihoodScorer, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { fakeEchoEndpoint } from '../testing/fake-echo-endpoint.ts'
import { fakeLikelihoodScorer } from '../testing/fake-likelihood-scorer.ts'
import { createEchoScorer } from './echo-scorer.ts'
import { probeScorer } from './probe-scorer.ts'
import type { EchoedText } from './token-spans.ts'

const echo = fakeEchoEndpoint()
/** A server whose every answer is wrong in the same way. */
const server = (change: (echoed: EchoedText) => EchoedText): LikelihoodScorer =>
  createEchoScorer({
    id: 'server',
    complete: async (prompts, options) => (await echo(prompts, options)).map(change),
  })
const withNumbers =
  (change: (values: readonly (number | null)[]) => readonly (number | null)[]) =>
  (echoed: EchoedText): EchoedText => ({ ...echoed, logProbabilities: change(echoed.logProbabilities) })
const scorer = fakeLikelihoodScorer()
const withScores = (
  change: (values: readonly number[], requests: readonly ScoreRequest[]) => readonly number[],
): LikelihoodScorer => ({
  ...scorer,
  score: async (requests, options) => {
    const { scores, usage } = await scorer.score(requests, options)
    const values = change(
      scores.map(({ logLikelihoods }) => logLikelihoods[0] as number),
      requests,
    )
    return {
      usage,
      scores: scores.map((score, index) => ({
        ...score,
        logLikelihoods: Float64Array.of(values[index] as number),
      })),
    }
  },
})

test.each([
  ['an echo scorer', server((echoed) => echoed)],
  ["core's fake", scorer],
  [
    'one that adds half a per cent of noise',
    withScores((values) => values.map((value, index) => value * (1 + 0.005 * (index % 2)))),
  ],
])('%s passes, and the cost is told', async (_, one) => {
  const usage = await probeScorer(one)
  expect(usage.calls).toBe(29)
  expect(usage.outputTokens).toBeGreaterThan(29)
})

describe('a server that is silently wrong is told', () => {
  test.each<[string, LikelihoodScorer, string]>([
    ['no log-probabilities', server((echoed) => ({ ...echoed, logProbabilities: [] })), 'answered'],
    ['no tokens', server(() => ({ tokens: [], logProbabilities: [] })), 'answered'],
    ['null for every token', server(withNumbers((values) => values.map(() => null))), 'answered'],
    [
      'those of other prompts',
      createEchoScorer({
        id: 'server',
        complete: async (prompts, options) => (await echo(prompts, options)).toReversed(),
      }),
      'answered',
    ],
    ['constant', server(withNumbers((values) => values.map(() => -1.5))), 'not-constant'],
    ['all zero', server(withNumbers((values) => values.map(() => 0))), 'not-certain'],
    ['the sign', withScores((values) => values.map((value) => -value)), 'finite'],
    ['not a number', withScores((values) => values.map(() => Number.NaN)), 'finite'],
    [
      'shifted to the right',
      server(
        withNumbers((values) =>
          [null, ...values.slice(0, -1)].map((value, index) => (index > 0 ? (value ?? -1) : value)),
        ),
      ),
      'last-token',
    ],
    [
      'shifted to the left, a drawn token last',
      server(withNumbers((values) => [...values.slice(1), -0.5])),
      'additive',
    ],
    [
      'shifted to the left, zero last',
      server(withNumbers((values) => [...values.slice(1), 0])),
      'not-certain',
    ],
    [
      'shifted to the left, null last',
      server(withNumbers((values) => [...values.slice(1), null])),
      'answered',
    ],
    [
      'means instead of sums',
      withScores((values, requests) =>
        values.map((value, index) => value / (requests[index]?.continuation.length ?? 1)),
      ),
      'additive',
    ],
    ['the opposite', withScores((values) => values.map((value) => -1000 - value)), 'contrast'],
    [
      'without the prompt',
      withScores((_, requests) =>
        requests.map(
          ({ continuation }) =>
            -[...continuation].reduce((sum, letter) => sum + 1 + ('Xqvjzkwfgy!'.includes(letter) ? 1 : 0), 0),
        ),
      ),
      'prompt',
    ],
    [
      'answers swapped',
      withScores((values) => [...values.slice(1, 2), ...values.slice(0, 1), ...values.slice(2)]),
      'order',
    ],
    ['answers reversed', withScores((values) => values.toReversed()), 'order'],
    ['what stands beside', withScores((values) => values.map((value) => value - values.length)), 'order'],
  ])('%s', async (_, wrong, law) => {
    const error = await probeScorer(wrong).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'ScorerProbeError', code: 'scorer-probe', law, scorer: wrong.id })
    expect(String(error)).toMatch(/@mop\/local.*vLLM.*TGI/)
  })
})

test('an abort and an error of the connection travel as they are', async () => {
  const reason = new Error('stop')
  await expect(probeScorer(scorer, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const failure = new Error('no route')
  const offline = createEchoScorer({ id: 'x', complete: () => Promise.reject(failure) })
  await expect(probeScorer(offline)).rejects.toBe(failure)
})
