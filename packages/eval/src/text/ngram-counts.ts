/** The n-grams of tokens, each with its count. */
export function ngramCounts(tokens: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let start = 0; start + order <= tokens.length; start++) {
    const ngram = tokens.slice(start, start + order).join('\u0000')
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}
