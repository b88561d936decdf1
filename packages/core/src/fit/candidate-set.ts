import type { Random } from '../random/random.ts'
import type { RoundDesign } from './round-design.ts'

export interface Candidate {
  /** k · max(1, J) + j. */
  readonly component: number
  /** Probability that at least one round drew it for this item. */
  readonly inclusion: number
}

/**
 * S_i for each item: the components drawn for it in the rounds so far, with their inclusion probabilities
 * 1 − Π_r (1 − inclusion in round r), where rounds draw independently of one another given their proposals.
 */
export class CandidateSet {
  readonly #inputOfItem: ArrayLike<number>
  readonly #names: readonly string[]
  readonly #designs: RoundDesign[] = []
  readonly #drawn: Map<number, number>[]

  /** @param names Names of the items: the draws of an item depend on its name and on nothing beside it. */
  constructor(names: readonly string[], inputOfItem: ArrayLike<number>) {
    this.#names = names
    this.#inputOfItem = inputOfItem
    this.#drawn = names.map(() => new Map())
  }

  /** Draws one more round for every item. Work goes input by input, as `RoundDesign` wants it. */
  addRound(design: RoundDesign, random: Random): void {
    const fresh: number[][] = this.#names.map(() => [])
    const order = this.#names
      .map((_, item) => item)
      .sort((a, b) => this.#inputOf(a) - this.#inputOf(b) || a - b)
    for (const item of order) {
      const input = this.#inputOf(item)
      const drawn = this.#drawn[item] as Map<number, number>
      for (const [component, missed] of drawn) {
        drawn.set(component, missed * (1 - design.inclusion(input, component)))
      }
      for (const { component, inclusion } of design.drawFor(
        input,
        random.fork(this.#names[item] as string),
      )) {
        if (drawn.has(component)) continue
        drawn.set(component, 1 - inclusion)
        fresh[item]?.push(component)
      }
    }
    for (const earlier of this.#designs) {
      for (const item of order) {
        const drawn = this.#drawn[item] as Map<number, number>
        for (const component of fresh[item] ?? []) {
          const missed = drawn.get(component) as number
          drawn.set(component, missed * (1 - earlier.inclusion(this.#inputOf(item), component)))
        }
      }
    }
    this.#designs.push(design)
  }

  candidatesOf(item: number): Candidate[] {
    const drawn = this.#drawn[item] as Map<number, number>
    return Array.from(drawn, ([component, missed]) => ({ component, inclusion: 1 - missed }))
  }

  #inputOf(item: number): number {
    return this.#inputOfItem[item] as number
  }
}
