import { createEchoScorer, echoedChoice, type EchoScorerOptions, type LikelihoodScorer } from '@mop/core'

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
      return generations.map(([generation]) => echoedChoice(generation?.generationInfo?.['logprobs']))
    },
  })
}
