import { type Encoder, InvalidArgumentError } from '@mop/core'
import { abortable } from './abortable.ts'
import { estimateTokens } from './estimate-tokens.ts'

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
 * A LlamaIndex embedding as core's `Encoder`: vectors are scaled to norm 1, a blank text, which most services refuse, is the
 * first unit vector and is not sent. Token counts are estimates: the framework drops what the service counted.
 * @throws InvalidArgumentError where the embedding names no model or no dimension and the options do not either; while
 * encoding, for vectors that are missing, of another length or of norm 0. Errors of the embedding travel.
 */
export function llamaIndexEncoder(
  embedding: EmbeddingModel,
  options: LlamaIndexEncoderOptions = {},
): Encoder {
  const { model } = embedding
  const id = options.id ?? (typeof model === 'string' ? model : undefined)
  const dimension = options.dimension ?? embedding.dimensions ?? embedding.embedInfo?.dimensions
  if (id === undefined || id === '') {
    throw new InvalidArgumentError({
      argument: 'id',
      expected: 'given, since this embedding names no model',
      found: options.id,
    })
  }
  if (dimension === undefined || !Number.isInteger(dimension) || dimension < 1) {
    throw new InvalidArgumentError({
      argument: 'dimension',
      expected: `the length of ${id}'s vectors`,
      found: dimension,
      remedy: "Embed a text once and look: `(await embedding.getTextEmbedding('x')).length`.",
    })
  }
  const batchSize = embedding.embedBatchSize ?? 10
  return {
    id,
    dimension,
    async encode(texts, { signal } = {}) {
      signal?.throwIfAborted()
      const written = [...texts.entries()].filter(([, text]) => text.trim() !== '')
      const embeddings = texts.map(() => blank(dimension))
      for (let start = 0; start < written.length; start += batchSize) {
        const batch = written.slice(start, start + batchSize)
        const sent = batch.map(([, text]) => text)
        const vectors = await abortable(embedding.getTextEmbeddings(sent), signal)
        for (const [at, [index]] of batch.entries()) embeddings[index] = unit(vectors[at], dimension, id)
      }
      const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
      const usage = { calls: texts.length, inputTokens, outputTokens: 0, evaluatedTokens: inputTokens }
      return { embeddings, usage }
    },
  }
}

function blank(dimension: number): Float32Array {
  const vector = new Float32Array(dimension)
  vector[0] = 1
  return vector
}

function unit(vector: readonly number[] | undefined, dimension: number, id: string): Float32Array {
  const norm = Math.hypot(...(vector ?? []))
  if (vector?.length !== dimension || !(norm > 0 && norm < Infinity)) {
    throw new InvalidArgumentError({
      argument: 'embedding',
      expected: `one that gives each text a vector of ${dimension} numbers that are not all 0`,
      found: vector === undefined ? `none from ${id}` : `${vector.length} numbers of norm ${norm} from ${id}`,
    })
  }
  return Float32Array.from(vector, (value) => value / norm)
}
