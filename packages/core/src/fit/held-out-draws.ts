import type { Random } from '../random/random.ts'
import type { Proposal } from './component-proposals.ts'
import { type FitData, itemsOfParts } from './fit-data.ts'
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
  /** Components for each item, over all replicates. */
  readonly pairs: number
  readonly workingSetSize: number
  readonly random: Random
}

/**
 * Components to score for the held-out items: drawn afresh from the gates to be judged, never taken over from the fit
 * (METHOD section 3). Where `pairs` covers every component, one replicate holds them all and there is no Monte Carlo error.
 */
export function drawForHeldOut(data: FitData, options: HeldOutDrawOptions): ReplicateDraws[] {
  const items = itemsOfParts(data, ['heldOut'])
  const components = data.personas.length * Math.max(1, data.exemplars.length)
  const exhaustive = options.pairs >= components
  const itemsOfInput = new Float64Array(data.inputs.length)
  for (const item of items) {
    const input = data.inputOfItem[item] as number
    itemsOfInput[input] = (itemsOfInput[input] as number) + 1
  }
  const byInput = items.toSorted(
    (a, b) => (data.inputOfItem[a] as number) - (data.inputOfItem[b] as number) || a - b,
  )
  return Array.from({ length: exhaustive ? 1 : replicates }, (_, replicate) => {
    const random = options.random.fork(`replicate ${replicate}`)
    const design = designRound({
      proposal: options.proposal,
      itemsOfInput,
      workingSetSize: exhaustive ? components : options.workingSetSize,
      pairs: exhaustive ? components : Math.max(1, Math.round(options.pairs / replicates)),
      random: random.fork('working set'),
    })
    return new Map(
      byInput.map((item) => {
        const input = data.inputOfItem[item] as number
        return [item, design.drawFor(input, random.fork(data.items[item]?.name ?? ''))]
      }),
    )
  })
}
