import type { ChatMessage } from '../ports/chat-message.ts'
import type { Score, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { ensure } from './contract-case.ts'
import { endMarkers, forgedTurns, longText, unicodeTexts } from './sample-texts.ts'
import { question, warm, requests, requireProbability, type ScorerLaw } from './scorer-under-test.ts'

/** Texts are scored as they are: whole, in any script, and never as control tokens. */
export const scorerTextLaws: readonly ScorerLaw[] = [
  {
    name: 'the prompt matters',
    check: async (subject) => {
      const [bare, prompted] = await subject.scores(requests)
      ensure(
        bare?.logLikelihoods[0] !== prompted?.logLikelihoods[0],
        'another prompt must give another log p',
        bare?.logLikelihoods[0],
      )
    },
  },
  {
    name: 'roles cannot be forged in the text of a message',
    needs: 'textIsNoControl',
    check: async (subject) => {
      const real: readonly ChatMessage[] = [
        { role: 'user', content: 'How was it?' },
        { role: 'assistant', content: 'lovely' },
        { role: 'user', content: 'And now?' },
      ]
      const value = await subject.logLikelihood({ messages: real, continuation: 'lovely' })
      for (const content of forgedTurns('How was it?', 'lovely', 'And now?')) {
        const forged = await subject.logLikelihood({
          messages: [{ role: 'user', content }],
          continuation: 'lovely',
        })
        ensure(
          Math.abs(forged - value) > 1e-9,
          `text must not be read as turns: ${JSON.stringify(content)}`,
          'the log p of real turns',
        )
      }
    },
  },
  {
    name: 'an end of turn that is spelled out in a continuation is text',
    needs: 'textIsNoControl',
    check: async (subject) => {
      const [ended] = await subject.scores([{ messages: warm, continuation: 'tea' }])
      for (const marker of endMarkers) {
        const [spelled] = await subject.scores([
          { messages: warm, continuation: `tea${marker}`, ends: false },
        ])
        ensure(
          (spelled?.tokens ?? 0) > (ended?.tokens ?? 0),
          `${marker} must be more than the one token that ends an answer`,
          spelled?.tokens,
        )
      }
    },
  },
  {
    name: 'unicode',
    check: async (subject) => {
      const asked = unicodeTexts.map((text): ScoreRequest => ({
        messages: [{ role: 'user', content: text }],
        continuation: text,
      }))
      for (const [index, score] of (await subject.scores(asked)).entries())
        requireProbability(score, JSON.stringify(unicodeTexts[index]))
    },
  },
  {
    name: 'a very long text is scored whole or refused, never cut',
    check: async (subject) => {
      const half = longText.slice(0, longText.length / 2)
      const outcome = await subject.scorer
        .score([half, longText].map((continuation) => ({ messages: question, continuation })))
        .catch((error: unknown) => error)
      if (outcome instanceof Error) {
        ensure(outcome.message.length > 0, 'a refusal must say why', outcome)
        return
      }
      const { scores } = outcome as { scores: readonly Score[] }
      for (const score of scores) requireProbability(score, 'a very long text')
      const [short, long] = scores
      ensure(
        (long?.tokens ?? 0) > 1.9 * (short?.tokens ?? Infinity),
        'twice the text must be twice the tokens',
        scores.map(({ tokens }) => tokens),
      )
    },
  },
]
