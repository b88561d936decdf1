import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { softmax } from '../numeric/softmax.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import type { Usage } from '../ports/usage.ts'

export interface ChoiceProbabilitiesOptions {
  readonly scorer: LikelihoodScorer
  readonly messages: readonly ChatMessage[]
  /** The closed answers. */
  readonly choices: readonly string[]
  /** Default 1. */
  readonly temperature?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ChoiceProbabilities {
  /** Of each choice, in their order; they sum to 1. */
  readonly probabilities: readonly number[]
  readonly usage: Usage
}

/**
 * p(choice | prompt) among the choices, by the likelihood of each (METHOD section 8): one call, a likelihood for each choice.
 * @throws InvalidArgumentError where every choice is impossible.
 */
export async function choiceProbabilities({
  scorer,
  messages,
  choices,
  temperature = 1,
  signal,
}: ChoiceProbabilitiesOptions): Promise<ChoiceProbabilities> {
  const { scores, usage } = await scorer.score(
    choices.map((continuation) => ({ messages, continuation })),
    { temperatures: [temperature], ...(signal !== undefined && { signal }) },
  )
  const probabilities = [...softmax(scores.map(({ logLikelihoods }) => logLikelihoods[0] as number))]
  if (!probabilities.every((probability) => probability >= 0)) {
    throw new InvalidArgumentError({
      argument: 'choices',
      expected: `one that ${scorer.id} can give after ${JSON.stringify(messages.at(-1)?.content ?? '')}`,
      found: JSON.stringify(choices),
    })
  }
  return { probabilities, usage }
}
