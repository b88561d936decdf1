import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { createVectorEncoder, type Encoder } from '@mop/core'

export interface LangChainEncoderOptions {
  /** Names model and version: a mixture refuses an encoder with another id. */
  readonly id: string
  /** Length of an embedding. Default: measured by embedding one word. */
  readonly dimension?: number | undefined
}

/**
 * Embeddings of LangChain as core's encoder: `embedDocuments`, through core's `createVectorEncoder`. LangChain tells no tokens of
 * embeddings: they are estimated. A call cannot be stopped on its way, but an abort is answered at once.
 * Encoding throws EmbeddingError for vectors that are missing, of another length than `dimension` or all 0.
 */
export async function langChainEncoder(
  embeddings: EmbeddingsInterface,
  options: LangChainEncoderOptions,
): Promise<Encoder> {
  return createVectorEncoder({
    id: options.id,
    dimension: options.dimension ?? (await embeddings.embedQuery('length')).length,
    embed: async (texts) => ({ vectors: await embeddings.embedDocuments([...texts]) }),
  })
}
