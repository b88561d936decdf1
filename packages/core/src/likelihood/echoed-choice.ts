import type { EchoedText } from './token-spans.ts'

/** `logprobs` of a completion choice in OpenAI's protocol. */
interface ChoiceLogProbabilities {
  readonly tokens?: readonly string[]
  readonly token_logprobs?: readonly (number | null)[]
  readonly text_offset?: readonly number[]
}

/**
 * The tokens of an echoed prompt, from the `logprobs` of its completion choice. Without any there are no tokens, which `createEchoScorer`
 * refuses.
 */
export function echoedChoice(logprobs: unknown): EchoedText {
  const { tokens = [], token_logprobs, text_offset } = (logprobs ?? {}) as ChoiceLogProbabilities
  return { tokens, logProbabilities: token_logprobs ?? [], textOffsets: text_offset }
}
