import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { raceWithSignal } from '@langchain/core/runnables'
import { type Encoder, type EncodeResult, InvalidArgumentError } from '@mop/core'

export interface LangChainEncoderOptions {
  /** Names model and version: a mixture refuses an encoder with another id. */
  readonly id: string
  /** Length of an embedding. Default: measured by embedding one word. */
  readonly dimension?: number | undefined
}

/**
 * Embeddings of LangChain as core's encoder: `embedDocuments`, with each vector brought to length 1 (the first axis stands for a vector of
 * zeros). LangChain tells no tokens of embeddings: usage counts one for each four characters. A call cannot be stopped on its way,
 * but an abort is answered at once.
 * @throws InvalidArgumentError where a vector has another length than `dimension`.
 */
export async function langChainEncoder(
  embeddings: EmbeddingsInterface,
  options: LangChainEncoderOptions,
): Promise<Encoder> {
  const dimension = options.dimension ?? (await embeddings.embedQuery('length')).length
  const encode = async (
    texts: readonly string[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<EncodeResult> => {
    signal?.throwIfAborted()
    const vectors =
      texts.length === 0 ? [] : await raceWithSignal(embeddings.embedDocuments([...texts]), signal)
    const inputTokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0)
    return {
      embeddings: texts.map((_, index) => unit(vectors[index], dimension)),
      usage: { calls: texts.length, inputTokens, outputTokens: 0, evaluatedTokens: inputTokens },
    }
  }
  return { id: options.id, dimension, encode }
}

function unit(vector: readonly number[] | undefined, dimension: number): Float32Array {
  if (vector?.length !== dimension) {
    throw new InvalidArgumentError({
      argument: 'embeddings',
      expected: `vectors of length ${dimension}, one per text`,
      found: vector === undefined ? 'too few' : `one of length ${vector.length}`,
    })
  }
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, (value, index) => (length > 0 ? value / length : Number(index === 0)))
}
