import { InvalidArgumentError, wordsOf } from '@mop/core'
import { ngramCounts } from './ngram-counts.ts'

export interface SelfBleuOptions {
  /** Default: lower-case runs of letters, digits and apostrophes. */
  readonly tokensOf?: (text: string) => readonly string[]
  /**
   * What stands for a numerator of zero: 0.1 is NLTK's `method1`, which short texts need; 0 none, so that a text without a
   * common 4-gram scores 0. Default 0.1.
   */
  readonly epsilon?: number
}

const orders = 4

/**
 * Self-BLEU-4 (Zhu et al. 2018, Texygen): the mean over the texts of BLEU-4 (Papineni et al. 2002) of each against all others. From 0
 * to 1; lower is more diverse, so near the real sample's is best. Per text: uniform weights, matches clipped at the most that any
 * one other text has, brevity penalty against the other length nearest (of two, the shorter); no common word gives 0.
 *
 * It grows with the number of texts: compare at equal n only. One pass over the tokens, not n² comparisons.
 *
 * @param texts n ≥ 2.
 * @throws InvalidArgumentError for fewer than 2 texts or a negative epsilon.
 */
export function selfBleu(texts: readonly string[], options: SelfBleuOptions = {}): number {
  const scores = selfBleuOfEach(texts, options)
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/** BLEU-4 of each text against all others; their mean is `selfBleu`. */
export function selfBleuOfEach(texts: readonly string[], options: SelfBleuOptions = {}): Float64Array {
  const { tokensOf = wordsOf, epsilon = 0.1 } = options
  if (texts.length < 2)
    throw new InvalidArgumentError({ argument: 'texts', expected: 'at least 2', found: texts.length })
  if (!(epsilon >= 0))
    throw new InvalidArgumentError({ argument: 'epsilon', expected: 'at least 0', found: epsilon })
  const tokens = texts.map((text) => tokensOf(text))
  const logarithms = new Float64Array(texts.length)
  const hopeless = new Uint8Array(texts.length)
  for (let order = 1; order <= orders; order++) {
    const counts = tokens.map((own) => ngramCounts(own, order))
    const mosts = twoLargest(counts)
    counts.forEach((own, text) => {
      let matches = 0
      for (const [ngram, count] of own) {
        const { largest, holder, second } = mosts.get(ngram) as Mosts
        matches += Math.min(count, holder === text ? second : largest)
      }
      const total = Math.max(1, (tokens[text] as readonly string[]).length - order + 1)
      if (matches === 0 && (order === 1 || epsilon === 0)) hopeless[text] = 1
      logarithms[text] = (logarithms[text] as number) + Math.log((matches || epsilon) / total) / orders
    })
  }
  const lengths = tokens.map((own) => own.length)
  const distinct = lengthCounts(lengths)
  return logarithms.map((logarithm, text) => {
    if (hopeless[text] === 1) return 0
    const length = lengths[text] as number
    const reference = nearestOtherLength(length, distinct)
    const brevity = length > reference ? 0 : 1 - reference / length
    return Math.exp(brevity + logarithm)
  })
}

/** The most that a text has of an n-gram, which text, and the most of any other. */
interface Mosts {
  readonly largest: number
  readonly holder: number
  readonly second: number
}

function twoLargest(counts: readonly ReadonlyMap<string, number>[]): Map<string, Mosts> {
  const mosts = new Map<string, Mosts>()
  counts.forEach((own, text) => {
    for (const [ngram, count] of own) {
      const known = mosts.get(ngram)
      if (known === undefined) mosts.set(ngram, { largest: count, holder: text, second: 0 })
      else if (count > known.largest)
        mosts.set(ngram, { largest: count, holder: text, second: known.largest })
      else if (count > known.second) mosts.set(ngram, { ...known, second: count })
    }
  })
  return mosts
}

function lengthCounts(lengths: readonly number[]): readonly (readonly [number, number])[] {
  const counts = new Map<number, number>()
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1)
  return [...counts].sort(([one], [other]) => one - other)
}

/** The length nearest to `own` among the other texts, the shorter of two. */
function nearestOtherLength(own: number, counts: readonly (readonly [number, number])[]): number {
  let nearest = Infinity
  for (const [length, count] of counts) {
    if (length === own && count === 1) continue
    if (Math.abs(length - own) < Math.abs(nearest - own)) nearest = length
  }
  return nearest
}
