import type { ChatMessage } from '../ports/chat-message.ts'
import type { LikelihoodScorer, Score, ScoreRequest } from '../ports/likelihood-scorer.ts'
import { ensure } from './contract-case.ts'

/** One law of the contract of a `LikelihoodScorer`. */
export interface ScorerLaw {
  readonly name: string
  /** What a scorer must be able to do for the law to concern it. Default nothing. */
  readonly needs?: 'anyTemperature' | 'textIsNoControl'
  /** Rejects where the law is broken. */
  readonly check: (subject: ScorerUnderTest) => Promise<void>
}

/** A scorer with what its laws ask of it. */
export interface ScorerUnderTest {
  readonly scorer: LikelihoodScorer
  /** Difference allowed between two values that should be equal, relative to max(1, |value|). */
  readonly tolerance: number
  /** Continuations cut where the tokenizer cuts too. */
  readonly splits: readonly (readonly [string, string])[]
  /** Whether every temperature can be asked for, or 1 alone. */
  readonly anyTemperature: boolean
  /** Those of the temperatures that can be asked for. */
  some(...temperatures: readonly number[]): readonly number[]
  /** Made once more. */
  again(): Promise<LikelihoodScorer>
  /** One score per request, with one value per temperature: that much is checked. */
  scores(requests: readonly ScoreRequest[], temperatures?: readonly number[]): Promise<readonly Score[]>
  logLikelihood(request: ScoreRequest, temperature?: number): Promise<number>
}

export function scorerUnderTest(
  parts: Pick<ScorerUnderTest, 'scorer' | 'tolerance' | 'splits' | 'anyTemperature' | 'again'>,
): ScorerUnderTest {
  const { scorer } = parts
  const scores: ScorerUnderTest['scores'] = async (requests, temperatures) => {
    const result = await scorer.score(requests, temperatures === undefined ? {} : { temperatures })
    ensure(
      result.scores.length === requests.length,
      'there must be one score per request',
      result.scores.length,
    )
    const width = temperatures?.length ?? 1
    for (const { logLikelihoods } of result.scores) {
      ensure(
        logLikelihoods.length === width,
        'there must be one value per temperature',
        logLikelihoods.length,
      )
    }
    return result.scores
  }
  return {
    ...parts,
    some: (...temperatures) => (parts.anyTemperature ? temperatures : [1]),
    scores,
    async logLikelihood(request, temperature) {
      const [score] = await scores([request], temperature === undefined ? undefined : [temperature])
      return score?.logLikelihoods[0] ?? Number.NaN
    },
  }
}

export function requireProbability({ logLikelihoods, tokens }: Score, of: string): void {
  for (const value of logLikelihoods) {
    ensure(Number.isFinite(value) && value <= 1e-9, `log p of ${of} must be finite and at most 0`, value)
  }
  ensure(Number.isInteger(tokens) && tokens >= 0, `the tokens of ${of} must be counted`, tokens)
}

/** A prompt without persona or exemplar. */
export const question: readonly ChatMessage[] = [{ role: 'user', content: 'What do you like?' }]

/** The same question under a persona and an exemplar. */
export const warm: readonly ChatMessage[] = [
  { role: 'system', content: 'Writes short, warm answers.' },
  { role: 'user', content: 'How was it?' },
  { role: 'assistant', content: 'lovely' },
  { role: 'user', content: 'What do you like?' },
]

/** One call: two prompts, an empty answer, and a repeated request (0 and 3). */
export const requests: readonly ScoreRequest[] = [
  { messages: question, continuation: 'I like tea' },
  { messages: warm, continuation: 'I like tea' },
  { messages: question, continuation: '' },
  { messages: question, continuation: 'I like tea' },
  { messages: warm, continuation: 'not much' },
]
