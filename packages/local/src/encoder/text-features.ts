/** The features of a text: a 32-bit hash of each, and its weight. */
export interface TextFeatures {
  readonly hashes: Uint32Array
  readonly weights: Float64Array
}

const wordWeight = 2
const maxWordLength = 200
const [shortestRun, longestRun] = [3, 5]

const wordPattern = /[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}\s]+/gu

// Different starts keep the hash spaces of words, word pairs and character n-grams apart.
const wordSeed = 0x811c9dc5
const pairSeed = 0x2f0b4c47
const characterSeed = 0x5bd1e995
const space = 0x20

/**
 * Words, pairs of neighbouring words, and the character n-grams (3 to 5) inside each word with its borders, of the
 * lower-cased NFKC text. Runs of punctuation count as words. A feature that occurs n times weighs 1 + ln(n), doubled for
 * words.
 */
export function textFeatures(text: string): TextFeatures {
  const words = new Map<number, number>()
  const pairs = new Map<number, number>()
  const runs = new Map<number, number>()
  let previous: number | undefined
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(wordPattern)) {
    const hash = hashUnits(word, 0, word.length, wordSeed)
    count(words, mixBits(hash))
    if (previous !== undefined) count(pairs, mixBits(hashUnits(word, 0, word.length, previous)))
    previous = hashUnit(hashUnits(word, 0, word.length, pairSeed), space)
    countRuns(runs, ` ${word.slice(0, maxWordLength)} `)
  }
  const size = words.size + pairs.size + runs.size
  const features = { hashes: new Uint32Array(size), weights: new Float64Array(size) }
  fill(features, 0, words, wordWeight)
  fill(features, words.size, pairs, 1)
  fill(features, words.size + pairs.size, runs, 1)
  return features
}

function fill(
  { hashes, weights }: TextFeatures,
  start: number,
  counts: ReadonlyMap<number, number>,
  kindWeight: number,
): void {
  let index = start
  for (const [feature, times] of counts) {
    hashes[index] = feature
    weights[index] = kindWeight * (1 + Math.log(times))
    index++
  }
}

/** Words and runs of punctuation of a text. */
export function countWords(text: string): number {
  return text.match(wordPattern)?.length ?? 0
}

function countRuns(counts: Map<number, number>, bordered: string): void {
  for (let start = 0; start + shortestRun <= bordered.length; start++) {
    let hash = hashUnits(bordered, start, start + shortestRun, characterSeed)
    count(counts, mixBits(hash))
    const end = Math.min(bordered.length, start + longestRun)
    for (let index = start + shortestRun; index < end; index++) {
      hash = hashUnit(hash, bordered.charCodeAt(index))
      count(counts, mixBits(hash))
    }
  }
}

function count(counts: Map<number, number>, feature: number): void {
  counts.set(feature, (counts.get(feature) ?? 0) + 1)
}

/** FNV-1a over UTF-16 code units from `start` to `end`; `mixBits` finishes it. */
function hashUnits(text: string, start: number, end: number, seed: number): number {
  let hash = seed
  for (let index = start; index < end; index++) hash = hashUnit(hash, text.charCodeAt(index))
  return hash
}

function hashUnit(hash: number, unit: number): number {
  return Math.imul(Math.imul(hash ^ (unit & 0xff), 0x01000193) ^ (unit >>> 8), 0x01000193)
}

/** The 32-bit finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
export function mixBits(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
