import { type Encoder, InvalidArgumentError, MopError } from '@mop/core'
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
 * An embedding model of the AI SDK as core's Encoder: `embedMany`, made unit vectors. Retries are the AI SDK's.
 * @throws InvalidArgumentError for a string id. Errors of the model travel.
 */
export async function createAiSdkEncoder(
  model: EmbeddingModelObject,
  options: AiSdkEncoderOptions = {},
): Promise<Encoder> {
  requireModelObject('embeddingModel', model)
  const { id = modelName(model), maxParallelCalls = 4, abortSignal } = options
  const embed = async (
    values: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly embeddings: readonly (readonly number[])[]; readonly tokens: number }> => {
    signal?.throwIfAborted()
    const { embeddings, usage } = await embedMany({
      // embedMany of either version takes the models of its own version; which it is depends on what is installed.
      model: model as unknown as Parameters<typeof embedMany>[0]['model'],
      values: [...values],
      maxParallelCalls,
      ...(signal !== undefined && { abortSignal: signal }),
    })
    return { embeddings, tokens: Number.isFinite(usage.tokens) ? usage.tokens : 0 }
  }
  const dimension = options.dimension ?? (await embed(['dimension'], abortSignal)).embeddings[0]?.length ?? 0
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new InvalidArgumentError({ argument: 'dimension', expected: 'an integer ≥ 1', found: dimension })
  }
  return {
    id,
    dimension,
    async encode(texts, { signal } = {}) {
      const { embeddings, tokens } =
        texts.length === 0 ? { embeddings: [], tokens: 0 } : await embed(texts, signal)
      return {
        embeddings: embeddings.map((embedding) => unitVector(embedding, dimension, id)),
        usage: { calls: texts.length, inputTokens: tokens, outputTokens: 0, evaluatedTokens: tokens },
      }
    },
  }
}

function unitVector(embedding: readonly number[], dimension: number, id: string): Float32Array {
  const norm = Math.hypot(...embedding)
  if (embedding.length === dimension && norm > 0 && Number.isFinite(norm)) {
    return Float32Array.from(embedding, (value) => value / norm)
  }
  throw new MopError({
    code: 'embedding',
    message: `${id} gave an embedding of length ${embedding.length} and norm ${norm}, not one of length ${dimension} that can be made a unit vector.`,
    remedy: 'Use one embedding model, at one number of dimensions.',
  })
}
