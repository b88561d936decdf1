import type { Chooser } from './grammar.ts'
import { hashText, seededRandom, type SeededRandom } from './seeded-random.ts'

/**
 * Which words and constructions a speaker prefers. A group's preference among n alternatives is
 * softmax(spread · z), z standard normal and fixed by the group's seed; an individual adds a smaller z of its own.
 */
export class Voice implements Chooser {
  readonly #seed: number
  readonly #spread: number
  readonly #random: SeededRandom
  readonly #parent: Voice | undefined
  readonly #weights = new Map<string, Float64Array>()

  constructor(seed: number, spread: number, random: SeededRandom, parent?: Voice) {
    this.#seed = seed
    this.#spread = spread
    this.#random = random
    this.#parent = parent
  }

  weights(symbol: string, alternatives: number): Float64Array {
    const key = `${symbol}/${alternatives}`
    const known = this.#weights.get(key)
    if (known !== undefined) return known
    const own = seededRandom(hashText(key, this.#seed))
    const base = this.#parent?.weights(symbol, alternatives)
    const weights = Float64Array.from(
      { length: alternatives },
      (_, index) => (base?.[index] ?? 1) * Math.exp(this.#spread * own.normal()),
    )
    this.#weights.set(key, weights)
    return weights
  }

  choose(symbol: string, alternatives: number): number {
    return this.#random.weighted(this.weights(symbol, alternatives))
  }
}
