import type { Encoder } from '../ports/encoder.ts'

export interface FakeEncoderOptions {
  /** Default 32. */
  readonly dimension?: number
}

/**
 * A deterministic encoder for tests: hashed words with signs, plus a share that all texts have in common.
 * Texts that share words are closer than texts that do not; nothing more is meant by its vectors.
 */
export function fakeEncoder(options: FakeEncoderOptions = {}): Encoder {
  const { dimension = 32 } = options
  return {
    id: `fake-encoder-${dimension}`,
    dimension,
    async encode(texts, { signal } = {}) {
      const embeddings: Float32Array[] = []
      let inputTokens = 0
      for (const text of texts) {
        // Lets an abort through, as a real encoder does.
        await Promise.resolve()
        signal?.throwIfAborted()
        const words = text
          .toLowerCase()
          .split(/\s+/)
          .filter((word) => word !== '')
        inputTokens += words.length
        embeddings.push(embed(words, dimension))
      }
      signal?.throwIfAborted()
      return {
        embeddings,
        usage: { calls: texts.length, inputTokens, outputTokens: 0, evaluatedTokens: inputTokens },
      }
    },
  }
}

function embed(words: readonly string[], dimension: number): Float32Array {
  const sums = new Float64Array(dimension)
  sums[0] = 0.25
  for (const word of words) {
    const hash = hashOf(word)
    const index = hash % dimension
    sums[index] = (sums[index] as number) + (hash & 0x40000000 ? 1 : -1)
    // A second place, so that two words that share one still differ.
    const second = Math.imul(hash, 0x9e3779b1) >>> 0
    sums[second % dimension] = (sums[second % dimension] as number) + 0.5
  }
  const norm = Math.hypot(...sums)
  if (norm === 0) {
    sums[0] = 1
    return Float32Array.from(sums)
  }
  return Float32Array.from(sums, (value) => value / norm)
}

/** FNV-1a over UTF-16 units. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < word.length; index++)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
