import type { Utterance } from './utterance.ts'

/** Times each word was said, and by how many texts. */
export type WordCounts = ReadonlyMap<string, number>

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
}

export function countWords(texts: readonly string[]): WordCounts {
  const counts = new Map<string, number>()
  for (const text of texts)
    for (const word of new Set(wordsOf(text))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

function lengthWord(words: number): string {
  return words <= 5 ? 'very short' : words <= 15 ? 'short' : words <= 35 ? 'medium' : 'long'
}

/**
 * Describes members by the statistics of what they said, as core does where no capable model is at hand:
 * mean length, words said more often than elsewhere (smoothed log-odds), tone, and the most typical text.
 */
export function statisticsPersona(
  said: readonly Utterance[],
  background: WordCounts,
  backgroundTexts: number,
): string {
  const counts = countWords(said.map(({ output }) => output))
  const distinct = [...counts]
    .map(([word, count]) => {
      const elsewhere = ((background.get(word) ?? 0) + 0.5) / (backgroundTexts + 1)
      const here = (count + 0.5) / (said.length + 1)
      return { word, score: count * Math.log(here / elsewhere) }
    })
    .toSorted((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
    .slice(0, 8)
    .map(({ word }) => word)
  const favourites = new Set(distinct)
  const typical = said
    .map(({ output }) => ({
      output,
      hits: new Set(wordsOf(output).filter((word) => favourites.has(word))).size,
    }))
    .reduce((best, candidate) => (candidate.hits > best.hits ? candidate : best)).output
  const words = Math.round(said.reduce((sum, { output }) => sum + wordsOf(output).length, 0) / said.length)
  const judged = said.filter(({ polarity }) => polarity !== 'closed')
  const praise = judged.filter(({ polarity }) => polarity === 'good').length / Math.max(1, judged.length)
  const tone =
    judged.length === 0 ? 'neutral' : praise >= 0.65 ? 'positive' : praise <= 0.35 ? 'negative' : 'mixed'
  return `Writes ${lengthWord(words)} texts of about ${words} words. Often says: ${distinct.join(', ')}. Tone: ${tone}. Typical: "${typical.slice(0, 160)}"`
}
