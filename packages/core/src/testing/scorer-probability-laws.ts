import type { ChatMessage } from '../ports/chat-message.ts'
import { ensure, requireClose } from './contract-case.ts'
import { warm, requests, requireProbability, type ScorerLaw } from './scorer-under-test.ts'

/** What makes the numbers of a scorer log-probabilities of whole answers. */
export const scorerProbabilityLaws: readonly ScorerLaw[] = [
  {
    name: 'log p is at most 0, and so is that of an empty answer',
    check: async (subject) => {
      for (const [index, score] of (await subject.scores(requests, subject.some(0.5, 1, 2))).entries()) {
        requireProbability(score, `request ${index}`)
        ensure(score.tokens > 0, 'the end of an answer is a token', score.tokens)
      }
    },
  },
  {
    name: 'an empty continuation that does not end has probability one and no tokens',
    check: async (subject) => {
      const [score] = await subject.scores(
        [{ messages: warm, continuation: '', ends: false }],
        subject.some(0.5, 1),
      )
      ensure(
        score?.tokens === 0 && score.logLikelihoods.every((value) => Math.abs(value) === 0),
        'log p must be 0 over 0 tokens',
        score,
      )
    },
  },
  {
    name: 'log p adds up over a split continuation',
    check: async (subject) => {
      for (const [first, second] of subject.splits) {
        for (const temperature of subject.some(1, 0.7)) {
          const prefix: ChatMessage = { role: 'assistant', content: first }
          const whole = await subject.logLikelihood(
            { messages: warm, continuation: first + second },
            temperature,
          )
          const head = await subject.logLikelihood(
            { messages: warm, continuation: first, ends: false },
            temperature,
          )
          const tail = await subject.logLikelihood(
            { messages: [...warm, prefix], continuation: second },
            temperature,
          )
          requireClose(
            head + tail,
            whole,
            subject.tolerance,
            `log p(${JSON.stringify([first, second])}) must be the sum of its parts at temperature ${temperature}`,
          )
        }
      }
    },
  },
  {
    name: 'a whole answer is less likely than the same words as a beginning',
    check: async (subject) => {
      const whole = await subject.logLikelihood({ messages: warm, continuation: 'tea' })
      const beginning = await subject.logLikelihood({ messages: warm, continuation: 'tea', ends: false })
      ensure(
        whole < beginning,
        'p(answer) must be below p(answer as a beginning)',
        `${whole} and ${beginning}`,
      )
    },
  },
  {
    name: 'different whole answers share at most all of the probability',
    check: async (subject) => {
      const answers = ['', 'yes', 'no', 'Yes', 'maybe', 'lovely', 'lovely!']
      for (const temperature of subject.some(0.3, 1, 3)) {
        const scores = await subject.scores(
          answers.map((continuation) => ({ messages: warm, continuation })),
          [temperature],
        )
        const sum = scores.reduce(
          (total, { logLikelihoods }) => total + Math.exp(logLikelihoods[0] ?? Number.NaN),
          0,
        )
        ensure(
          sum <= 1 + subject.tolerance,
          `probabilities must sum to at most 1 at temperature ${temperature}`,
          sum,
        )
      }
    },
  },
]
