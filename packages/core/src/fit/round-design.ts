import { inclusionProbabilities } from '../random/inclusion-probabilities.ts'
import type { Random } from '../random/random.ts'
import { systematicSample } from '../random/systematic-sample.ts'

/**
 * How candidate components are drawn in one round of scoring, in two stages, so that few component prefixes
 * serve many items: first a working set of components for the whole round, then for each item some of these.
 * Components are numbered k · max(1, J) + j.
 */
export interface RoundDesign {
  /** Components of this round's working set, ascending. */
  readonly workingSet: readonly number[]
  /** Draws for one item. */
  drawFor(item: number, random: Random): readonly { readonly component: number; readonly inclusion: number }[]
  /** Probability that this round draws `component` for the item, whether or not it stands in the working set. */
  inclusion(item: number, component: number): number
}

export interface RoundDesignOptions {
  /** Weights over components for each item, in any unit; computed when asked for. */
  readonly proposal: (item: number) => Float64Array
  /** The items of the round: the working set suits them on average. */
  readonly items: readonly number[]
  /** Components in the working set. */
  readonly workingSetSize: number
  /** Components drawn for each item. */
  readonly pairs: number
  readonly random: Random
}

/**
 * Stage 1 includes component c with s_c = min(1, λ q̄_c), q̄ the mean proposal. Stage 2 includes it for an item with
 * min(1, λ_x q_x(c) / s_c). Σ over drawn components of value / inclusion is then an unbiased estimate of the sum over
 * all components (Horvitz and Thompson 1952, for two stages). Components are laid out persona by persona, so that
 * systematic sampling spreads each item's draws over the personas.
 */
export function designRound(options: RoundDesignOptions): RoundDesign {
  const { proposal, items, workingSetSize, pairs, random } = options
  const stageOne = inclusionProbabilities(meanProposal(proposal, items), workingSetSize).probabilities
  const workingSet = systematicSample(random, stageOne)
  // K · J numbers an item are too many to keep for all: callers ask all they want of an item at a time.
  let last: { item: number; q: Float64Array; probabilities: Float64Array; scale: number } | undefined
  const stageTwo = (item: number): { q: Float64Array; probabilities: Float64Array; scale: number } => {
    if (last?.item === item) return last
    const q = proposal(item)
    const weights = Float64Array.from(
      workingSet,
      (component) => (q[component] as number) / (stageOne[component] as number),
    )
    last = { item, q, ...inclusionProbabilities(weights, pairs) }
    return last
  }
  return {
    workingSet,
    drawFor(item, itemRandom) {
      const { probabilities } = stageTwo(item)
      return systematicSample(itemRandom, probabilities).map((position) => {
        const component = workingSet[position] as number
        return { component, inclusion: (stageOne[component] as number) * (probabilities[position] as number) }
      })
    },
    inclusion(item, component) {
      const { scale, q } = stageTwo(item)
      const first = stageOne[component] as number
      const weight = q[component] as number
      return weight === 0 ? 0 : Math.min(first, scale === Infinity ? first : scale * weight)
    },
  }
}

function meanProposal(proposal: (item: number) => Float64Array, items: readonly number[]): Float64Array {
  let mean = new Float64Array(0)
  for (const item of items) {
    const q = proposal(item)
    if (mean.length === 0) mean = new Float64Array(q.length)
    const total = q.reduce((sum, weight) => sum + weight, 0)
    if (total === 0) continue
    for (let c = 0; c < q.length; c += 1) mean[c] = (mean[c] as number) + (q[c] as number) / total
  }
  return mean
}
