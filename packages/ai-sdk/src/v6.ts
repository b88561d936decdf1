import type { BoundMixture } from '@mop/core'
import type { MopOptions } from './mop-options.ts'
import { mopMiddleware as mopMiddlewareV4 } from './mop-middleware.ts'
import { withMop as withMopV4 } from './with-mop.ts'

export type { AiSdkEncoderOptions, EmbeddingModelObject } from './ai-sdk-encoder.ts'
export { createAiSdkEncoder } from './ai-sdk-encoder.ts'
export type { AiSdkGeneratorOptions } from './ai-sdk-generator.ts'
export { createAiSdkGenerator } from './ai-sdk-generator.ts'
export type { AiSdkScorerOptions } from './ai-sdk-scorer.ts'
export { createAiSdkScorer } from './ai-sdk-scorer.ts'
export type { ChatModel, ChatModelCall, ChatModelResult } from './chat-model.ts'
export type { AiSdkModels, AiSdkPorts, FromAiSdkOptions } from './from-ai-sdk.ts'
export { fromAiSdk } from './from-ai-sdk.ts'
export type { MopMetadata } from './mop-metadata.ts'
export type { MopCallOptions, MopOptions } from './mop-options.ts'
export type { PromptMessage } from './prompt-message.ts'
export { rawCompletions } from './raw-completions.ts'
export type { PopulationAnswers, SimulatePopulationOptions } from './simulate-population.ts'
export { simulatePopulation } from './simulate-population.ts'

// What the middleware touches (texts of prompts, temperature, provider options, tool calls, the finish part) is alike
// in both versions of the specification. It is typed here by its shape, so that it fits the types of whichever AI SDK 6
// is installed; the tests run against AI SDK 6 itself.

/** A middleware that `wrapLanguageModel` of AI SDK 6 takes. */
export interface MopMiddlewareV3 {
  readonly specificationVersion: 'v3'
  transformParams<Params extends object>(options: { readonly params: Params }): PromiseLike<Params>
  wrapGenerate<Result extends object>(options: {
    readonly doGenerate: () => PromiseLike<Result>
    readonly params: object
  }): PromiseLike<Result>
  wrapStream<Result extends object>(options: {
    readonly doStream: () => PromiseLike<Result>
    readonly params: object
  }): PromiseLike<Result>
}

/** A model of AI SDK 6. */
export interface ModelV3 {
  readonly specificationVersion: 'v3'
  readonly provider: string
  readonly modelId: string
  readonly supportedUrls: unknown
  readonly doGenerate: unknown
  readonly doStream: unknown
}

/** `mopMiddleware` for AI SDK 6. */
export function mopMiddleware(mixture: BoundMixture, options: MopOptions = {}): MopMiddlewareV3 {
  const steps: unknown = { ...mopMiddlewareV4(mixture, options), specificationVersion: 'v3' }
  return steps as MopMiddlewareV3
}

/** `withMop` for AI SDK 6. @throws InvalidArgumentError for a string id instead of a model object. */
export function withMop<Model extends ModelV3>(
  model: Model,
  mixture: BoundMixture,
  options: MopOptions = {},
): Pick<Model, keyof ModelV3> {
  const wrap: unknown = withMopV4
  return (wrap as typeof withMop<Model>)(model, mixture, options)
}
