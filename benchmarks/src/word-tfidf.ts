/** Words of a text and their weights, scaled to unit length. */
export type WordVector = ReadonlyMap<string, number>

/** The textbook baseline: (1 + ln tf) · ln(N / df) of lower-cased words, exact, every word its own dimension. */
export function wordTfidf(texts: readonly string[]): WordVector[] {
  const counts = texts.map((text) => {
    const words = new Map<string, number>()
    for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu))
      words.set(word, (words.get(word) ?? 0) + 1)
    return words
  })
  const frequencies = new Map<string, number>()
  for (const words of counts)
    for (const word of words.keys()) frequencies.set(word, (frequencies.get(word) ?? 0) + 1)
  return counts.map((words) => {
    const weights = [...words].map(
      ([word, times]) =>
        [word, (1 + Math.log(times)) * Math.log(texts.length / (frequencies.get(word) ?? 1))] as const,
    )
    const length = Math.hypot(...weights.map(([, weight]) => weight))
    return new Map(weights.map(([word, weight]) => [word, length > 0 ? weight / length : 0]))
  })
}

/** Cosines of every text to the one, by an index from words to the texts that hold them. */
export function wordCosines(vectors: readonly WordVector[]): (item: number) => Float64Array {
  const holders = new Map<string, [text: number, weight: number][]>()
  for (const [text, vector] of vectors.entries()) {
    for (const [word, weight] of vector) {
      const held = holders.get(word)
      if (held === undefined) holders.set(word, [[text, weight]])
      else held.push([text, weight])
    }
  }
  return (item) => {
    const cosines = new Float64Array(vectors.length)
    for (const [word, weight] of vectors[item] ?? []) {
      for (const [text, other] of holders.get(word) ?? [])
        cosines[text] = (cosines[text] as number) + weight * other
    }
    return cosines
  }
}
