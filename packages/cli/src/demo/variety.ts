/** How different texts are among themselves, for a table that anyone can read. */
export interface Variety {
  /** Share of the answers that no other answer repeats word for word. */
  readonly distinct: number
  /** Mean number of words, and the standard deviation. */
  readonly words: number
  readonly wordsSpread: number
  /** Distinct words among all the answers. */
  readonly vocabulary: number
}

/** @param texts At least one. */
export function varietyOf(texts: readonly string[]): Variety {
  const words = texts.map((text) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [])
  const lengths = words.map((list) => list.length)
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
  const variance = lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / lengths.length
  return {
    distinct: new Set(texts.map((text) => text.trim())).size / texts.length,
    words: mean,
    wordsSpread: Math.sqrt(variance),
    vocabulary: new Set(words.flat()).size,
  }
}
