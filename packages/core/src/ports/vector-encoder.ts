import { EmbeddingError } from '../errors/embedding-error.ts'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { abortable } from './abortable.ts'
import type { Encoder } from './encoder.ts'
import { estimateTokens } from './estimate-tokens.ts'

/** Vectors of any norm, one a text, in the order of the texts. */
export interface EmbeddedTexts {
  readonly vectors: readonly (readonly number[])[]
  /** As the service counted them. Default an estimate. */
  readonly inputTokens?: number | undefined
}

export interface VectorEncoderOptions {
  /** Names model and version: a mixture refuses an encoder with another id. */
  readonly id: string
  /** d′, the length of each vector. */
  readonly dimension: number
  /** Embeds texts, of which there is at least one and none blank. */
  readonly embed: (
    texts: readonly string[],
    options: { readonly signal: AbortSignal | undefined },
  ) => Promise<EmbeddedTexts>
}

/**
 * An encoder over a function that embeds texts, such as an embedding service. Vectors are scaled to norm 1. A blank text, which most
 * services refuse, is the first unit vector and is not embedded. An abort is answered at once, also where `embed` takes no signal.
 * @throws InvalidArgumentError for a dimension that is none. While encoding: EmbeddingError for vectors that are missing, of
 * another length, all 0 or not finite. Errors of `embed` travel.
 */
export function createVectorEncoder({ id, dimension, embed }: VectorEncoderOptions): Encoder {
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new InvalidArgumentError({ argument: 'dimension', expected: 'an integer ≥ 1', found: dimension })
  }
  return {
    id,
    dimension,
    async encode(texts, { signal } = {}) {
      signal?.throwIfAborted()
      const written = texts.filter(isWritten)
      const { vectors, inputTokens = written.reduce((sum, text) => sum + estimateTokens(text), 0) } =
        written.length === 0 ? { vectors: [] } : await abortable(embed(written, { signal }), signal)
      let next = 0
      const embeddings = texts.map((text) =>
        isWritten(text) ? unitVector(vectors[next++], id, dimension) : firstUnitVector(dimension),
      )
      const usage = { calls: texts.length, inputTokens, outputTokens: 0, evaluatedTokens: inputTokens }
      return { embeddings, usage }
    },
  }
}

function isWritten(text: string): boolean {
  return text.trim() !== ''
}

function firstUnitVector(dimension: number): Float32Array {
  const vector = new Float32Array(dimension)
  vector[0] = 1
  return vector
}

function unitVector(vector: readonly number[] | undefined, encoder: string, dimension: number): Float32Array {
  if (vector === undefined) throw new EmbeddingError({ encoder, dimension, found: 'none' })
  const norm = Math.hypot(...vector)
  if (vector.length !== dimension || !(norm > 0 && norm < Infinity)) {
    throw new EmbeddingError({ encoder, dimension, found: `${vector.length} numbers of norm ${norm}` })
  }
  return Float32Array.from(vector, (value) => value / norm)
}
