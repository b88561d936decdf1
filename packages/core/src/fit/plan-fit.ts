import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { itemsOf } from '../likelihood/item.ts'
import { defaultTemperatures, type FitOptions } from './fit-options.ts'
import { replicates } from './held-out-draws.ts'
import type { Population } from './prepare-population.ts'

/** What a fit will ask the language model for. */
export interface FitPlan {
  /** New likelihoods at the most: the sum of the next four. Less where the table holds some already or draws repeat. */
  readonly calls: number
  readonly trainingCalls: number
  readonly heldOutCalls: number
  readonly bareCalls: number
  /** Exemplars under each persona alone, which tells whose exemplars they are; 0 where embeddings tell it instead. */
  readonly affinityCalls: number
  /** Distinct (input, output) of the parts that are learned from and reported on. */
  readonly items: { readonly fit: number; readonly heldOut: number }
  readonly rounds: number
  /** Personas under whose anchor each item is scored first: all of them, up to 24. */
  readonly anchors: number
  readonly pairsPerRound: number
  readonly workingSetSize: number
  readonly heldOutPairs: number
  /** Items whose bare likelihood finds the bare model's temperature. */
  readonly bareItems: number
  readonly temperatures: readonly number[]
  /** Whether the budget made it smaller than the options asked for. */
  readonly reducedByBudget: boolean
}

const bareTemperatureItems = 200
const mostAnchors = 24

type PlanOptions = Pick<
  FitOptions,
  'rounds' | 'pairsPerRound' | 'workingSetSize' | 'heldOutPairs' | 'budget' | 'temperatures'
>

/**
 * The size of a fit before it starts.
 * @throws InvalidArgumentError where the budget does not pay for one pair an item and round.
 */
export async function planFit(population: Population, options: PlanOptions): Promise<FitPlan> {
  const { split, personas, exemplars } = population
  const components = personas.length * Math.max(1, exemplars.length)
  const { rounds = 3, workingSetSize = 512, temperatures = defaultTemperatures } = options
  const pairsPerRound = options.pairsPerRound ?? 6
  for (const [argument, value] of Object.entries({ rounds, workingSetSize, pairsPerRound })) {
    if (Number.isInteger(value) && value >= 1) continue
    throw new InvalidArgumentError({ argument, expected: 'an integer ≥ 1', found: value })
  }
  const [fitItems, heldOutItems] = await Promise.all([
    itemsOf([...split.train, ...split.validation]),
    itemsOf(split.heldOut),
  ])
  const items = { fit: fitItems.items.length, heldOut: heldOutItems.items.length }
  const bareItems = Math.min(bareTemperatureItems, items.fit)
  const size = (pairs: number, heldOutWanted: number): FitPlan => {
    const share = pairs / pairsPerRound
    const anchors = Math.max(1, Math.min(personas.length, Math.round(share * mostAnchors)))
    const everyAnchor = anchors === personas.length ? anchors : 0
    // Every replicate draws the same number; what covers all components needs but one.
    const heldOutPairs = Math.min(
      components,
      everyAnchor + heldOutWanted >= components
        ? components
        : everyAnchor + replicates * Math.max(1, Math.round(heldOutWanted / replicates)),
    )
    const trainingCalls = items.fit * Math.min(components, anchors + (rounds - 1) * pairs)
    const heldOutCalls = items.heldOut * Math.min(components, heldOutPairs + (everyAnchor > 0 ? 0 : anchors))
    const bareCalls = items.heldOut + bareItems
    const cells = personas.length * exemplars.length
    const affinityCalls = cells <= trainingCalls / 4 ? cells : 0
    return {
      calls: trainingCalls + heldOutCalls + bareCalls + affinityCalls,
      trainingCalls,
      heldOutCalls,
      bareCalls,
      affinityCalls,
      items,
      rounds,
      anchors,
      pairsPerRound: Math.min(pairs, components),
      workingSetSize: Math.min(components, Math.max(workingSetSize, pairs)),
      heldOutPairs,
      bareItems,
      temperatures,
      reducedByBudget: pairs < pairsPerRound,
    }
  }
  const wanted = options.heldOutPairs ?? Math.max(8, 2 * pairsPerRound)
  const limit = options.budget?.calls ?? Infinity
  for (let pairs = pairsPerRound; pairs >= 1; pairs -= 1) {
    const plan = size(pairs, Math.max(1, Math.round((wanted * pairs) / pairsPerRound)))
    if (plan.calls <= limit) return plan
  }
  throw new InvalidArgumentError({
    argument: 'budget.calls',
    expected: `at least ${size(1, 1).calls} for ${items.fit} + ${items.heldOut} distinct responses in ${rounds} rounds`,
    found: limit,
    remedy: 'Raise it, or take fewer records or `rounds`.',
  })
}
