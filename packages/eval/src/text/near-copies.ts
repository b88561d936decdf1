import { InvalidArgumentError, normalisedText, wordsOf } from '@mop/core'
import { ngramCounts } from './ngram-counts.ts'

export interface NearCopyOptions {
  /** Words in an n-gram. Default 4. */
  readonly order?: number
  /** A response is a copy where one known text holds at least this share of its different n-grams. In (0, 1]. Default 0.7. */
  readonly overlap?: number
}

export interface NearCopies {
  /** Share of the responses that are copies, exact or near. */
  readonly rate: number
  /** Share that are exact copies after normalisation. */
  readonly exactRate: number
  /** 1 for each response that is a copy. */
  readonly isCopy: Uint8Array
  /** The known text that each response is most like, −1 where it shares no n-gram with any. */
  readonly source: Int32Array
  /** Of each response, the share of its different n-grams that its source holds; 1 for an exact copy. */
  readonly overlap: Float64Array
}

/**
 * Near-copy rate: the share of simulated responses that repeat a known text (a real record's response, or an exemplar's). From 0 to 1, lower
 * is better. Embedding metrics reward copying, so this stands beside them. A response is a copy of a known text
 *
 * - exactly, where they are equal in lower case, NFKC form and single white space; or
 * - nearly, where |G(response) ∩ G(known)| ≥ overlap · |G(response)|, G the set of word n-grams.
 *
 * A response of fewer than n words can only be an exact copy; short answers ("Yes.") are so by chance, in real samples too:
 * the floor says how often. For a paraphrase that keeps the meaning alone see `nearestCosines`.
 *
 * @param simulated at least one response.
 * @param known the texts that the simulation was given or that it is compared with.
 * @throws InvalidArgumentError without responses, or options out of range.
 */
export function nearCopies(
  simulated: readonly string[],
  known: readonly string[],
  options: NearCopyOptions = {},
): NearCopies {
  const { order = 4, overlap: threshold = 0.7 } = options
  if (simulated.length === 0)
    throw new InvalidArgumentError({ argument: 'simulated', expected: 'at least one response', found: 0 })
  if (!Number.isInteger(order) || order < 1)
    throw new InvalidArgumentError({ argument: 'order', expected: 'an integer ≥ 1', found: order })
  if (!(threshold > 0 && threshold <= 1)) {
    throw new InvalidArgumentError({
      argument: 'overlap',
      expected: 'above 0 and at most 1',
      found: threshold,
    })
  }
  const ngrams = (text: string) => ngramCounts(wordsOf(text), order).keys()
  const holders = new Map<string, number[]>()
  const exact = new Map<string, number>()
  known.forEach((text, index) => {
    const normal = normalisedText(text)
    if (exact.has(normal)) return
    exact.set(normal, index)
    for (const ngram of ngrams(text)) {
      const known = holders.get(ngram)
      if (known === undefined) holders.set(ngram, [index])
      else known.push(index)
    }
  })
  const isCopy = new Uint8Array(simulated.length)
  const source = new Int32Array(simulated.length).fill(-1)
  const overlap = new Float64Array(simulated.length)
  let copies = 0
  let exactCopies = 0
  simulated.forEach((text, index) => {
    const same = exact.get(normalisedText(text))
    const best = same === undefined ? mostShared([...ngrams(text)], holders) : { text: same, share: 1 }
    if (same !== undefined) exactCopies++
    source[index] = best.text
    overlap[index] = best.share
    if (best.share >= threshold) {
      isCopy[index] = 1
      copies++
    }
  })
  return {
    rate: copies / simulated.length,
    exactRate: exactCopies / simulated.length,
    isCopy,
    source,
    overlap,
  }
}

/** The text that holds most of the n-grams, the first of equals, and the share it holds. */
function mostShared(
  ngrams: readonly string[],
  holders: ReadonlyMap<string, readonly number[]>,
): { text: number; share: number } {
  const shared = new Map<number, number>()
  for (const ngram of ngrams) {
    for (const holder of holders.get(ngram) ?? []) shared.set(holder, (shared.get(holder) ?? 0) + 1)
  }
  let text = -1
  let most = 0
  for (const [holder, count] of shared) {
    if (count > most || (count === most && holder < text)) {
      text = holder
      most = count
    }
  }
  return { text, share: text < 0 ? 0 : most / ngrams.length }
}
