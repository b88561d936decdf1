import type { Encoder } from '@mop/core'
import { encodeTexts } from './encode-texts.ts'
import { addSigns } from './random-signs.ts'
import { textFeatures } from './text-features.ts'

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
  const { hashes, weights } = textFeatures(text)
  for (let index = 0; index < hashes.length; index++)
    addSigns(vector, hashes[index] as number, weights[index] as number)
  return vector
}
