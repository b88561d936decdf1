import type { ScoreRequest } from '../ports/likelihood-scorer.ts'
import { ensure, requireClose } from './contract-case.ts'
import { requests, type ScorerLaw } from './scorer-under-test.ts'

/** What a temperature does to log p. */
export const scorerTemperatureLaws: readonly ScorerLaw[] = [
  {
    name: 'a grid of temperatures equals its temperatures one by one, in their order',
    check: async (subject) => {
      const grid = subject.some(2, 0.5, 1, 0.5)
      for (const [index, score] of (await subject.scores(requests, grid)).entries()) {
        for (const [at, temperature] of grid.entries()) {
          const alone = await subject.logLikelihood(requests[index] as ScoreRequest, temperature)
          requireClose(
            score.logLikelihoods[at] ?? Number.NaN,
            alone,
            subject.tolerance,
            `the grid's value at temperature ${temperature} must equal that asked for alone`,
          )
        }
      }
      const plain = await subject.logLikelihood(requests[0] as ScoreRequest)
      requireClose(
        plain,
        await subject.logLikelihood(requests[0] as ScoreRequest, 1),
        subject.tolerance,
        'the default temperature must be 1',
      )
    },
  },
  {
    name: 'at a very high temperature every token is equally likely',
    needs: 'anyTemperature',
    check: async (subject) => {
      const scores = await subject.scores(requests, [1e7])
      const perToken = scores.map(({ logLikelihoods, tokens }) => (logLikelihoods[0] ?? Number.NaN) / tokens)
      for (const value of perToken) {
        requireClose(
          value,
          perToken[0] ?? Number.NaN,
          1e-3,
          'log p per token must approach −ln of the vocabulary',
        )
        ensure(value < -Math.log(100), 'log p per token must approach −ln of a vocabulary above 100', value)
      }
    },
  },
  {
    name: 'a temperature that is not above 0 is refused, and one that cannot be had',
    check: async (subject) => {
      const others = subject.anyTemperature ? [] : [0.5, 2]
      for (const temperature of [0, -1, Number.NaN, ...others]) {
        const refused = await subject.scorer.score(requests, { temperatures: [temperature] }).then(
          () => false,
          () => true,
        )
        ensure(refused, `temperature ${temperature} must be refused`, 'scores')
      }
    },
  },
]
