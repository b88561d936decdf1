import { setImmediate } from 'node:timers/promises'
import type { EncodeResult } from '@mop/core'
import { countWords } from './text-features.ts'

/** Encodes one text after another, letting other work and aborts in between. Words are counted as tokens. */
export async function encodeTexts(
  texts: readonly string[],
  encodeText: (text: string) => Float32Array,
  signal: AbortSignal | undefined,
): Promise<EncodeResult> {
  signal?.throwIfAborted()
  const embeddings: Float32Array[] = []
  let words = 0
  for (const text of texts) {
    embeddings.push(unitVector(encodeText(text)))
    words += countWords(text)
    if (embeddings.length % 64 === 0) {
      await setImmediate()
      signal?.throwIfAborted()
    }
  }
  return {
    embeddings,
    usage: { calls: texts.length, inputTokens: words, outputTokens: 0, evaluatedTokens: words },
  }
}

/** Scales to unit length in place. The zero vector (a text without any feature) becomes the constant unit vector. */
export function unitVector(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  if (!(squares > 1e-30)) return vector.fill(1 / Math.sqrt(vector.length))
  const scale = 1 / Math.sqrt(squares)
  for (let index = 0; index < vector.length; index++) vector[index] = (vector[index] as number) * scale
  return vector
}
