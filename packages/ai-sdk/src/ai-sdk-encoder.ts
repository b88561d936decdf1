import { createVectorEncoder, type Encoder, type VectorEncoderOptions } from '@mop/core'
import { embedMany } from 'ai'
import { type ChatModel, modelName } from './chat-model.ts'
import { requireModelObject } from './model-object.ts'

/** An embedding model object, as far as it is used here: those of AI SDK 7 and 6 both fit. */
export interface EmbeddingModelObject extends Pick<ChatModel, 'provider' | 'modelId'> {
  readonly specificationVersion: string
  readonly maxEmbeddingsPerCall: unknown
  readonly supportsParallelCalls: unknown
  readonly doEmbed: unknown
}

export interface AiSdkEncoderOptions {
  /** Default `<provider>/<modelId>`. A mixture accepts only the encoder id it was fitted with. */
  readonly id?: string | undefined
  /** d′. Default: that of one text that is embedded to find out. */
  readonly dimension?: number | undefined
  /** Calls under way at the same time. Default 4. */
  readonly maxParallelCalls?: number | undefined
  readonly abortSignal?: AbortSignal | undefined
}

/**
 * An embedding model of the AI SDK as core's Encoder: `embedMany`, through core's `createVectorEncoder`. Retries are the AI SDK's.
 * @throws InvalidArgumentError for a string id. Encoding throws EmbeddingError for vectors that are missing, of another length or all 0.
 * Errors of the model travel.
 */
export async function createAiSdkEncoder(
  model: EmbeddingModelObject,
  options: AiSdkEncoderOptions = {},
): Promise<Encoder> {
  requireModelObject('embeddingModel', model)
  const { id = modelName(model), maxParallelCalls = 4, abortSignal } = options
  const embed: VectorEncoderOptions['embed'] = async (values, { signal }) => {
    const { embeddings, usage } = await embedMany({
      // embedMany of either version takes the models of its own version; which it is depends on what is installed.
      model: model as unknown as Parameters<typeof embedMany>[0]['model'],
      values: [...values],
      maxParallelCalls,
      ...(signal !== undefined && { abortSignal: signal }),
    })
    return { vectors: embeddings, inputTokens: Number.isFinite(usage.tokens) ? usage.tokens : undefined }
  }
  const measure = async (): Promise<number> =>
    (await embed(['dimension'], { signal: abortSignal })).vectors[0]?.length ?? 0
  return createVectorEncoder({ id, dimension: options.dimension ?? (await measure()), embed })
}
