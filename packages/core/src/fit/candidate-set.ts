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
  readonly #items: readonly number[]
  readonly #names: readonly string[]
  readonly #designs: RoundDesign[] = []
  readonly #drawn: ReadonlyMap<number, Map<number, number>>

  /** @param names Names of the items: the draws of an item depend on its name and on nothing beside it. */
  constructor(items: readonly number[], names: readonly string[]) {
    this.#items = items
    this.#names = names
    this.#drawn = new Map(items.map((item) => [item, new Map<number, number>()]))
  }

  /** Draws one more round for every item. */
  addRound(design: RoundDesign, random: Random): void {
    for (const [position, item] of this.#items.entries()) {
      const drawn = this.#drawn.get(item) as Map<number, number>
      for (const [component, missed] of drawn) {
        drawn.set(component, missed * (1 - design.inclusion(item, component)))
      }
      const fresh: number[] = []
      for (const { component, inclusion } of design.drawFor(
        item,
        random.fork(this.#names[position] as string),
      )) {
        if (drawn.has(component)) continue
        drawn.set(component, 1 - inclusion)
        fresh.push(component)
      }
      for (const earlier of fresh.length === 0 ? [] : this.#designs) {
        for (const component of fresh) {
          const missed = drawn.get(component) as number
          drawn.set(component, missed * (1 - earlier.inclusion(item, component)))
        }
      }
    }
    this.#designs.push(design)
  }

  candidatesOf(item: number): Candidate[] {
    return Array.from(this.#drawn.get(item) ?? [], ([component, missed]) => ({
      component,
      inclusion: 1 - missed,
    }))
  }
}
