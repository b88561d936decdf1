import { type Encoder, type LikelihoodScorer, probeScorer, type TextGenerator } from '@mop/core'
import { type AiSdkEncoderOptions, createAiSdkEncoder, type EmbeddingModelObject } from './ai-sdk-encoder.ts'
import { type AiSdkGeneratorOptions, createAiSdkGenerator } from './ai-sdk-generator.ts'
import { type AiSdkScorerOptions, createAiSdkScorer } from './ai-sdk-scorer.ts'
import type { ChatModel } from './chat-model.ts'

/** Models of the AI SDK, each of which becomes a port. */
export interface AiSdkModels {
  /** Becomes `generator`. */
  readonly model?: ChatModel
  /** Becomes `encoder`. */
  readonly embeddingModel?: EmbeddingModelObject
  /** Becomes `scorer`: see `createAiSdkScorer` for what it takes. */
  readonly completionModel?: ChatModel
}

export interface FromAiSdkOptions {
  readonly generator?: AiSdkGeneratorOptions | undefined
  readonly encoder?: AiSdkEncoderOptions | undefined
  readonly scorer?: AiSdkScorerOptions | undefined
  /** Whether the scorer is probed first, at the cost of 29 short scores. Default true. */
  readonly probe?: boolean | undefined
  readonly abortSignal?: AbortSignal | undefined
}

/** A port for each model that was given. */
export type AiSdkPorts<Models extends AiSdkModels> = {
  readonly [Name in keyof Models as PortNames[Name & keyof PortNames]]: Ports[PortNames[Name &
    keyof PortNames]]
}
interface PortNames {
  readonly model: 'generator'
  readonly embeddingModel: 'encoder'
  readonly completionModel: 'scorer'
}
interface Ports {
  readonly generator: TextGenerator
  readonly encoder: Encoder
  readonly scorer: LikelihoodScorer
}

/**
 * core's ports over model objects of the AI SDK. Embeds one text to learn the encoder's dimension, unless it is given, and
 * probes the scorer.
 * @throws ScorerProbeError for a server whose log-probabilities cannot be a language model's. Errors of the models travel.
 */
export async function fromAiSdk<Models extends AiSdkModels>(
  models: Models,
  options: FromAiSdkOptions = {},
): Promise<AiSdkPorts<Models>> {
  const { model, embeddingModel, completionModel } = models
  const { probe = true, abortSignal } = options
  const scorer = completionModel && createAiSdkScorer(completionModel, options.scorer)
  if (scorer !== undefined && probe) await probeScorer(scorer, { signal: abortSignal })
  const encoder =
    embeddingModel && (await createAiSdkEncoder(embeddingModel, { abortSignal, ...options.encoder }))
  const ports: Partial<Ports> = {
    ...(model && { generator: createAiSdkGenerator(model, options.generator) }),
    ...(encoder && { encoder }),
    ...(scorer && { scorer }),
  }
  return ports as AiSdkPorts<Models>
}
