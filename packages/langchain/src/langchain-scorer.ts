import { createEchoScorer, type EchoedText, type EchoScorerOptions, type LikelihoodScorer } from '@mop/core'

/** The part of LangChain's completion models (`OpenAI` of `@langchain/openai`) that scoring calls. */
export interface CompletionModel {
  generate(
    prompts: string[],
    options?: { signal?: AbortSignal },
  ): Promise<{ generations: { generationInfo?: Record<string, unknown> }[][] }>
}

/** As for `createEchoScorer`. */
export type LangChainScorerOptions = Omit<EchoScorerOptions, 'complete' | 'temperatures'>

/**
 * A completion model as core's scorer. It must be made to echo, with `maxTokens: 0` and `modelKwargs: { echo: true, logprobs: 1 }`, on a
 * server that gives log-probabilities of a given text; `probeScorer` tells whether it does. Scores are at temperature 1 only.
 * @throws EchoedTextError, while scoring, where log-probabilities are missing.
 */
export function langChainScorer(model: CompletionModel, options: LangChainScorerOptions): LikelihoodScorer {
  return createEchoScorer({
    ...options,
    complete: async (prompts, { signal }) => {
      const { generations } = await model.generate([...prompts], signal === undefined ? {} : { signal })
      return generations.map(([generation]) => echoedText(generation?.generationInfo?.['logprobs']))
    },
  })
}

/** `logprobs` of a completion choice of OpenAI's protocol. */
interface ChoiceLogProbabilities {
  readonly tokens?: readonly string[]
  readonly token_logprobs?: readonly (number | null)[]
  readonly text_offset?: readonly number[]
}

function echoedText(logprobs: unknown): EchoedText {
  const { tokens = [], token_logprobs = [], text_offset } = (logprobs ?? {}) as ChoiceLogProbabilities
  return { tokens, logProbabilities: token_logprobs, textOffsets: text_offset }
}
