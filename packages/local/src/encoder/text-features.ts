/** Hashed features of a text and the weight of each: 1 + ln(count), doubled for words. Keys are 32-bit hashes. */
export type TextFeatures = ReadonlyMap<number, number>

const wordWeight = 2
const maxWordLength = 200

const wordPattern = /[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}\s]+/gu

// Different starts keep the hash spaces of words, word pairs and character n-grams apart.
const wordSeed = 0x811c9dc5
const pairSeed = 0x2f0b4c47
const characterSeed = 0x5bd1e995

/**
 * Words, pairs of neighbouring words, and the character n-grams (3 to 5) inside each word with its borders, of the
 * lower-cased NFKC text. Runs of punctuation count as words.
 */
export function textFeatures(text: string): TextFeatures {
  const counts = new Map<number, number>()
  const words = new Set<number>()
  const count = (feature: number): number => {
    counts.set(feature, (counts.get(feature) ?? 0) + 1)
    return feature
  }
  let previous: string | undefined
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(wordPattern)) {
    words.add(count(hashText(word, wordSeed)))
    if (previous !== undefined) count(hashText(`${previous} ${word}`, pairSeed))
    previous = word
    const bordered = ` ${word.slice(0, maxWordLength)} `
    for (let length = 3; length <= 5; length++) {
      for (let start = 0; start + length <= bordered.length; start++) {
        count(hashText(bordered.slice(start, start + length), characterSeed))
      }
    }
  }
  const weights = new Map<number, number>()
  for (const [feature, times] of counts)
    weights.set(feature, (words.has(feature) ? wordWeight : 1) * (1 + Math.log(times)))
  return weights
}

/** Words and runs of punctuation of a text. */
export function countWords(text: string): number {
  return text.match(wordPattern)?.length ?? 0
}

/** FNV-1a over UTF-16 code units, finished with the mixer of MurmurHash3. */
function hashText(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return mixBits(hash)
}

/** The 32-bit finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
export function mixBits(value: number): number {
  let bits = value ^ (value >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
