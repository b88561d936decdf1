/** Draws that depend on a seed alone: the same seed gives the same society on every machine. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in 0..count−1. */
  integer(count: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Index drawn in proportion to non-negative weights. */
  weighted(weights: ArrayLike<number>): number
  /** Standard normal (Box–Muller). */
  normal(): number
  /** An independent stream: the same label always gives the same one. */
  fork(label: string): SeededRandom
}

/** FNV-1a over UTF-16 units, then a finaliser. */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** sfc32 (Chris Doty-Humphrey), warmed up by twelve rounds. */
export function seededRandom(seed: number): SeededRandom {
  let a = seed | 0
  let b = (seed ^ 0x9e3779b9) | 0
  let c = Math.imul(seed, 0x85ebca6b) | 0
  let counter = 1
  const unsigned = (): number => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + result) | 0
    return result >>> 0
  }
  for (let round = 0; round < 12; round++) unsigned()
  const next = (): number => unsigned() / 4294967296
  const integer = (count: number): number => Math.floor(next() * count)
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[integer(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    weighted(weights) {
      let total = 0
      for (let index = 0; index < weights.length; index++) total += weights[index] ?? 0
      let rest = next() * total
      for (let index = 0; index < weights.length - 1; index++) {
        rest -= weights[index] ?? 0
        if (rest < 0) return index
      }
      return weights.length - 1
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (label) => seededRandom(hashText(label, seed)),
  }
}
