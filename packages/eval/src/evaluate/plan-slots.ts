import {
  type AttributeTable,
  type BoundMixture,
  createRandom,
  type Draw,
  type GroupCondition,
  InvalidArgumentError,
  planDraws,
  type PopulationRecord,
  startOfInput,
} from '@mop/core'
import { allocateByLargestRemainder } from '@mop/core/numeric'
import type { ArmSlot } from '../arms/arm.ts'
import { groupLabel, noGroup } from './real-records.ts'

export interface PlanSlotsOptions {
  readonly bound: BoundMixture
  readonly records: readonly PopulationRecord[]
  /** Responses of each arm. */
  readonly n: number
  readonly seed: number | string
  /** Attributes whose groups are asked for. */
  readonly groups: readonly string[]
  /** The same for every response. Default that of the mixture's draw for it. */
  readonly temperature?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface EvaluationSlot extends ArmSlot {
  /** One label for each attribute. */
  readonly groups: readonly string[]
}

export interface SlotPlan {
  readonly slots: readonly EvaluationSlot[]
  /** Different inputs that are asked at least once. */
  readonly inputs: number
  /** Groups that the mixture does not know: everybody answers for them. */
  readonly unknownGroups: readonly string[]
  /** Draws for the slots, in their order: of the evaluation's mixture, or of another, from the same streams. */
  draws(pairs: number, of?: BoundMixture): Promise<readonly Draw[]>
}

interface Cell {
  readonly input: string
  readonly choices: readonly string[] | undefined
  readonly groups: readonly string[]
  readonly given: GroupCondition | undefined
  readonly weight: number
}

/**
 * n slots in proportion to how often the records have each input (with these choices, and of this group), by largest remainder; ties go to the
 * input that comes first.
 * @throws InvalidArgumentError for n that is no integer ≥ 1, no record of positive weight, or an attribute that the mixture or the records lack.
 */
export async function planSlots(options: PlanSlotsOptions): Promise<SlotPlan> {
  const { bound, n, seed, temperature, signal } = options
  if (!Number.isInteger(n) || n < 1)
    throw new InvalidArgumentError({ argument: 'n', expected: 'an integer ≥ 1', found: n })
  if (temperature !== undefined && !(temperature >= 0 && temperature < Infinity)) {
    throw new InvalidArgumentError({
      argument: 'temperature',
      expected: 'finite and at least 0',
      found: temperature,
    })
  }
  const { cells, unknownGroups } = cellsOf(options)
  const counts = allocateByLargestRemainder(
    cells.map(({ weight }) => weight),
    n,
  )
  const asked = cells.flatMap((cell, index) => {
    const count = counts[index] ?? 0
    return count === 0 ? [] : [{ ...cell, count, name: `q${index + 1}` }]
  })
  const root = createRandom(seed).fork('slots')
  const plans = new Map<BoundMixture, Map<number, Promise<readonly Draw[]>>>()
  const planned = async (pairs: number, of: BoundMixture): Promise<readonly Draw[]> => {
    const first = root.fork('start').next()
    const draws: Draw[] = []
    for (const [index, { input, given, count, name }] of asked.entries()) {
      const x = await of.embed(input, signal === undefined ? {} : { signal })
      const start = startOfInput(first, index)
      const random = root.fork(`draws of ${name}`)
      const known = given === undefined ? undefined : knownPart(of, given)
      draws.push(
        ...planDraws(of.mixture, x, {
          random,
          count,
          pairs,
          start,
          ...(known !== undefined && { given: known }),
        }),
      )
    }
    return draws
  }
  const draws = (pairs: number, of: BoundMixture = bound): Promise<readonly Draw[]> => {
    const plansOf = plans.get(of) ?? new Map<number, Promise<readonly Draw[]>>()
    plans.set(of, plansOf)
    const known = plansOf.get(pairs) ?? planned(pairs, of)
    plansOf.set(pairs, known)
    return known
  }
  const single = await draws(1)
  const slots = asked
    .flatMap(({ input, choices, groups, given, count, name }) =>
      Array.from({ length: count }, (_, number) => ({
        id: `${name}:${number}`,
        input,
        choices,
        groups,
        given,
      })),
    )
    .map((slot, index): EvaluationSlot => ({
      ...slot,
      temperature: temperature ?? single[index]?.temperature ?? 1,
    }))
  const inputs = new Set(asked.map(({ input }) => input)).size
  return { slots, inputs, unknownGroups, draws }
}

/** What a mixture knows of a group: values that it does not know are left out. */
function knownPart({ mixture }: BoundMixture, given: GroupCondition): GroupCondition | undefined {
  const known = Object.entries(given).filter(([name, value]) =>
    mixture.attributes.some((table) => table.name === name && table.values.includes(String(value))),
  )
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

function cellsOf({ bound, records, groups }: PlanSlotsOptions): {
  readonly cells: readonly Cell[]
  readonly unknownGroups: readonly string[]
} {
  const tables = groups.map((name) => tableOf(bound, name))
  const lacking = groups.find((name) => records.every(({ attributes }) => attributes?.[name] === undefined))
  if (lacking !== undefined && records.length > 0) {
    throw new InvalidArgumentError({
      argument: 'groups',
      expected: 'attributes of the records',
      found: `${lacking}, which none of them has`,
    })
  }
  const unknown = new Set<string>()
  const cells = new Map<string, Cell>()
  for (const { input, choices, attributes, weight = 1 } of records) {
    const labels: string[] = []
    const given: Record<string, string> = {}
    for (const { name, values } of tables) {
      const value = attributes?.[name]
      const label = value === undefined ? noGroup : groupLabel(groups, name, String(value))
      labels.push(label)
      if (value === undefined) continue
      if (values.includes(String(value))) given[name] = String(value)
      else unknown.add(label)
    }
    const key = JSON.stringify([input, choices ?? null, labels])
    const earlier = cells.get(key)?.weight ?? 0
    cells.set(key, {
      input,
      choices,
      groups: labels,
      given: Object.keys(given).length === 0 ? undefined : given,
      weight: earlier + weight,
    })
  }
  if (records.every(({ weight = 1 }) => weight === 0))
    throw new InvalidArgumentError({
      argument: 'records',
      expected: 'at least one of positive weight',
      found: 'none',
    })
  return { cells: [...cells.values()], unknownGroups: [...unknown] }
}

function tableOf({ mixture }: BoundMixture, name: string): AttributeTable {
  const found = mixture.attributes.find((table) => table.name === name)
  if (found !== undefined) return found
  const known = mixture.attributes.map((table) => table.name)
  throw new InvalidArgumentError({
    argument: 'groups',
    expected: known.length === 0 ? 'absent: the mixture knows no attribute' : `one of ${known.join(', ')}`,
    found: name,
  })
}
