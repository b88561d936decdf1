import type { Encoder } from '@mop/core'
import { encodeTexts } from './encode-texts.ts'
import { mixBits, textFeatures } from './text-features.ts'

export interface HashedEncoderOptions {
  /** d'. Default 384. */
  readonly dimension?: number
}

/**
 * An encoder that knows nothing of the records: hashed words, word pairs and character n-grams through a random
 * projection of signs. No fitting, no state. Weaker than a latent semantic encoder fitted on the records.
 */
export function createHashedEncoder({ dimension = 384 }: HashedEncoderOptions = {}): Encoder {
  if (!Number.isInteger(dimension) || dimension < 1)
    throw new RangeError(`dimension must be a positive integer, not ${dimension}.`)
  return {
    id: `hashed-1-${dimension}`,
    dimension,
    encode: (texts, options) => encodeTexts(texts, (text) => projectSigns(text, dimension), options?.signal),
  }
}

function projectSigns(text: string, dimension: number): Float32Array {
  const vector = new Float32Array(dimension)
  for (const [feature, weight] of textFeatures(text)) {
    for (let start = 0; start < dimension; start += 32) {
      let bits = mixBits(feature + Math.imul(start + 1, 0x9e3779b1))
      const end = Math.min(dimension, start + 32)
      for (let index = start; index < end; index++) {
        vector[index] = (vector[index] as number) + ((bits & 1) === 1 ? weight : -weight)
        bits >>>= 1
      }
    }
  }
  return vector
}
