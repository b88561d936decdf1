import type { Usage } from './usage.ts'

export interface EncodeResult {
  /** One unit-norm vector of length `dimension` per text, in the order of the texts. */
  readonly embeddings: readonly Float32Array[]
  readonly usage: Usage
}

/**
 * A frozen sentence encoder h(·): texts to unit vectors. The same text always gives the same vector,
 * whatever stands beside it in the batch.
 */
export interface Encoder {
  /** Names model and version: a mixture refuses an encoder with another id. */
  readonly id: string
  /** d', the length of each embedding. */
  readonly dimension: number
  encode(texts: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<EncodeResult>
}
