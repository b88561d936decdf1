import type { Random } from '../random/random.ts'
import { componentCount, type Proposal } from './component-proposals.ts'
import { allMasked, type FitData, itemsOfParts } from './fit-data.ts'
import { designRound } from './round-design.ts'

/** Independent replicates of the drawn components: their spread is the Monte Carlo error. */
export const replicates = 4

/** The components drawn for each held-out item in one replicate, with their inclusion probabilities. */
export type ReplicateDraws = ReadonlyMap<
  number,
  readonly { readonly component: number; readonly inclusion: number }[]
>

export interface HeldOutDrawOptions {
  readonly proposal: Proposal
  /** Components scored for each item with certainty, such as the anchors; they are part of every replicate. */
  readonly certain: readonly number[]
  /** Components for each item, over all replicates and the certain ones. */
  readonly pairs: number
  readonly workingSetSize: number
  readonly random: Random
}

/**
 * Components to score for the held-out items: some with certainty, the others drawn afresh, never taken over from the fit
 * (METHOD section 3). Where `pairs` covers every component, one replicate holds them all and there is no Monte Carlo error.
 */
export function drawForHeldOut(data: FitData, options: HeldOutDrawOptions): ReplicateDraws[] {
  const items = itemsOfParts(data, ['heldOut'])
  const components = componentCount(data)
  const width = Math.max(1, data.exemplars.length)
  const allowed = (item: number, component: number): boolean =>
    data.exemplars.length === 0 || !allMasked(data, item).includes(component % width)
  const withCertainty = (
    item: number,
    certain: readonly number[],
  ): { component: number; inclusion: number }[] =>
    certain.filter((component) => allowed(item, component)).map((component) => ({ component, inclusion: 1 }))
  if (options.pairs >= components) {
    const every = Array.from({ length: components }, (_, component) => component)
    return [new Map(items.map((item) => [item, withCertainty(item, every)]))]
  }
  const proposal: Proposal = (item) => {
    const weights = options.proposal(item).slice()
    for (const component of options.certain) weights[component] = 0
    return weights
  }
  const pairs = Math.max(1, Math.round((options.pairs - options.certain.length) / replicates))
  return Array.from({ length: replicates }, (_, replicate) => {
    const random = options.random.fork(`replicate ${replicate}`)
    const { workingSetSize } = options
    const design = designRound({ proposal, items, workingSetSize, pairs, random: random.fork('working set') })
    return new Map(
      items.map((item) => {
        const drawn = design.drawFor(item, random.fork(data.items[item]?.name ?? ''))
        return [item, [...withCertainty(item, options.certain), ...drawn]]
      }),
    )
  })
}
