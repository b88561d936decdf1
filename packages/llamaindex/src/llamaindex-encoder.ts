import { createVectorEncoder, type Encoder, InvalidArgumentError } from '@mop/core'

/** What is used of a `BaseEmbedding`. */
export interface EmbeddingModel {
  getTextEmbeddings(texts: string[]): Promise<number[][]>
  readonly embedBatchSize?: number | undefined
  readonly embedInfo?: { readonly dimensions?: number | undefined } | undefined
  /** As `OpenAIEmbedding` and others have them. */
  readonly model?: unknown
  readonly dimensions?: number | undefined
}

export interface LlamaIndexEncoderOptions {
  /** Names model and version. Default the embedding's `model`. */
  readonly id?: string | undefined
  /** d′. Default what the embedding says of itself. */
  readonly dimension?: number | undefined
}

/**
 * A LlamaIndex embedding as core's `Encoder`: `getTextEmbeddings`, through core's `createVectorEncoder`. Token counts are estimates: the
 * framework drops what the service counted.
 * @throws InvalidArgumentError where the embedding names no model or no dimension and the options do not either. Encoding throws
 * EmbeddingError for vectors that are missing, of another length or all 0. Errors of the embedding travel.
 */
export function llamaIndexEncoder(
  embedding: EmbeddingModel,
  options: LlamaIndexEncoderOptions = {},
): Encoder {
  const { model } = embedding
  const id = options.id ?? (typeof model === 'string' ? model : undefined)
  const dimension = options.dimension ?? embedding.dimensions ?? embedding.embedInfo?.dimensions
  const batchSize = embedding.embedBatchSize ?? 10
  if (id === undefined || id === '') {
    throw new InvalidArgumentError({
      argument: 'id',
      expected: 'given, since this embedding names no model',
      found: options.id,
    })
  }
  if (dimension === undefined) {
    throw new InvalidArgumentError({
      argument: 'dimension',
      expected: `the length of ${id}'s vectors`,
      found: dimension,
      remedy: "Embed a text once and look: `(await embedding.getTextEmbedding('x')).length`.",
    })
  }
  return createVectorEncoder({
    id,
    dimension,
    embed: async (texts, { signal }) => {
      const vectors: number[][] = []
      while (vectors.length < texts.length) {
        signal?.throwIfAborted()
        const batch = texts.slice(vectors.length, vectors.length + batchSize)
        const found = await embedding.getTextEmbeddings(batch)
        vectors.push(...batch.map((_, at) => found[at] ?? []))
      }
      return { vectors }
    },
  })
}
