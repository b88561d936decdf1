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
  /** Draws for one item of the given input. */
  drawFor(
    input: number,
    random: Random,
  ): readonly { readonly component: number; readonly inclusion: number }[]
  /** Probability that this round draws `component` for an item of `input`, whether or not it stands in the working set. */
  inclusion(input: number, component: number): number
}

export interface RoundDesignOptions {
  /** Proposal distribution over components for each distinct input; computed when asked for. */
  readonly proposal: (input: number) => Float64Array
  /** Items of each distinct input: how much its proposal counts for the working set. */
  readonly itemsOfInput: ArrayLike<number>
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
  const { proposal, itemsOfInput, workingSetSize, pairs, random } = options
  const stageOne = inclusionProbabilities(meanProposal(proposal, itemsOfInput), workingSetSize).probabilities
  const workingSet = systematicSample(random, stageOne)
  // K · J numbers an input are too many to keep for all: callers go through the items input by input.
  let last: { input: number; q: Float64Array; probabilities: Float64Array; scale: number } | undefined
  const stageTwo = (input: number): { q: Float64Array; probabilities: Float64Array; scale: number } => {
    if (last?.input === input) return last
    const q = proposal(input)
    const weights = Float64Array.from(
      workingSet,
      (component) => (q[component] as number) / (stageOne[component] as number),
    )
    last = { input, q, ...inclusionProbabilities(weights, pairs) }
    return last
  }
  return {
    workingSet,
    drawFor(input, itemRandom) {
      const { probabilities } = stageTwo(input)
      return systematicSample(itemRandom, probabilities).map((position) => {
        const component = workingSet[position] as number
        return { component, inclusion: (stageOne[component] as number) * (probabilities[position] as number) }
      })
    },
    inclusion(input, component) {
      const { scale, q } = stageTwo(input)
      const first = stageOne[component] as number
      const weight = q[component] as number
      return weight === 0 ? 0 : Math.min(first, scale === Infinity ? first : scale * weight)
    },
  }
}

function meanProposal(
  proposal: (input: number) => Float64Array,
  itemsOfInput: ArrayLike<number>,
): Float64Array {
  let mean = new Float64Array(0)
  for (let input = 0; input < itemsOfInput.length; input += 1) {
    const items = itemsOfInput[input] as number
    if (items === 0) continue
    const q = proposal(input)
    if (mean.length === 0) mean = new Float64Array(q.length)
    for (let c = 0; c < q.length; c += 1) mean[c] = (mean[c] as number) + items * (q[c] as number)
  }
  return mean
}
