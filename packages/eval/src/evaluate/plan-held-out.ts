import { createRandom, InvalidArgumentError, type LikelihoodScorer, shuffle } from '@mop/core'
import type { EvaluationSlot } from './plan-slots.ts'
import type { RealAnswer } from './real-records.ts'

/** What the log-likelihood of held-out free responses takes. */
export interface HeldOutOptions {
  /** Of the same model as the generator. Default the evaluation's `scorer`. */
  readonly scorer?: LikelihoodScorer | undefined
  /** Free responses that are scored, drawn by the seed, the same for every arm; 0 for none. Default 100. */
  readonly records?: number | undefined
  /** So many of an arm's prompts for a response. Default 16. */
  readonly prompts?: number | undefined
}

const heldOutDefaults = { records: 100, prompts: 16 } as const

/** A real free response, with the places of the slots under whose prompts it is scored. */
export interface HeldOutRecord {
  readonly real: RealAnswer
  readonly slots: readonly number[]
  /** Names its input and group. */
  readonly cell: string
}

export interface HeldOutPlan {
  /** In the order of the records. */
  readonly records: readonly HeldOutRecord[]
  /** Free responses whose input (and group) every arm was asked at least once. */
  readonly eligible: number
  /** M, the prompts that are wanted for each. */
  readonly prompts: number
}

export interface PlanHeldOutOptions {
  /** Free responses. */
  readonly real: readonly RealAnswer[]
  readonly slots: readonly EvaluationSlot[]
  readonly seed: number | string
  readonly heldOut: Pick<HeldOutOptions, 'records' | 'prompts'>
}

/**
 * Draws the responses to be scored, and the slots whose prompts they are scored under: the first M of those that ask for the response's input and
 * group. Slots of one input stand in random order, so that these are a random sample of the arm's prompts.
 * @throws InvalidArgumentError for `records` that is no integer ≥ 0 or `prompts` that is none ≥ 1.
 */
export function planHeldOut({ real, slots, seed, heldOut }: PlanHeldOutOptions): HeldOutPlan {
  const { records = heldOutDefaults.records, prompts = heldOutDefaults.prompts } = heldOut
  for (const [argument, value, least] of [
    ['heldOut.records', records, 0],
    ['heldOut.prompts', prompts, 1],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue
    throw new InvalidArgumentError({ argument, expected: `an integer ≥ ${least}`, found: value })
  }
  const places = new Map<string, number[]>()
  for (const [place, { input, choices, groups }] of slots.entries()) {
    if (choices !== undefined) continue
    const key = cellOf({ input, groups })
    const known = places.get(key)
    if (known === undefined) places.set(key, [place])
    else known.push(place)
  }
  const eligible = real.flatMap((answer): HeldOutRecord[] => {
    const cell = cellOf(answer)
    const asked = places.get(cell)
    return asked === undefined || answer.weight === 0
      ? []
      : [{ real: answer, cell, slots: asked.slice(0, prompts) }]
  })
  const chosen = new Set(shuffle(createRandom(seed).fork('held-out'), eligible).slice(0, records))
  return { records: eligible.filter((record) => chosen.has(record)), eligible: eligible.length, prompts }
}

/** What responses share that are asked for alike. */
export function cellOf({ input, groups }: Pick<EvaluationSlot, 'input' | 'groups'>): string {
  return JSON.stringify([input, groups])
}
