import type { PopulationRecord } from '@mop/core'
import { cellOf, type HeldOutPlan, type HeldOutRecord } from './plan-held-out.ts'
import { type EvaluationSlot, planSlots, type PlanSlotsOptions, type SlotPlan } from './plan-slots.ts'
import { realAnswers } from './real-records.ts'
import { type ArmRun, type RunArmOptions, settingOf, stepId, wantedAnswer } from './run-arm.ts'
import type { SlotPrompt } from './score-held-out.ts'

/** Slots beyond those that are answered, whose prompts held-out responses are scored under. */
export interface FurtherSlots {
  readonly plan: SlotPlan
  /** The responses with places beyond the answered slots too, up to the number of prompts that is wanted. */
  readonly records: readonly HeldOutRecord[]
}

export interface FurtherSlotsOptions extends Omit<PlanSlotsOptions, 'n'> {
  readonly heldOut: HeldOutPlan
  /** Number of slots that are answered. */
  readonly answered: number
}

/** Further slots for the inputs (and groups) of the responses that too few answered slots ask for; undefined where none are needed. */
export async function furtherSlots(options: FurtherSlotsOptions): Promise<FurtherSlots | undefined> {
  const { heldOut, records, groups, seed, answered } = options
  const lacking = new Set(
    heldOut.records.flatMap(({ cell, slots }) => (slots.length < heldOut.prompts ? [cell] : [])),
  )
  const first = new Map<string, PopulationRecord>()
  for (const [index, answer] of realAnswers(records, groups).entries()) {
    const cell = cellOf(answer)
    if (lacking.has(cell) && answer.choices === undefined && !first.has(cell))
      first.set(cell, { ...(records[index] as PopulationRecord), weight: 1 })
  }
  if (first.size === 0) return undefined
  const planned = await planSlots({
    ...options,
    records: [...first.values()],
    n: heldOut.prompts * first.size,
    // Draws of their own: those of the answered slots again would say nothing new.
    seed: `${seed} held-out`,
  })
  const slots = planned.slots.map((slot): EvaluationSlot => ({ ...slot, id: `held-out ${slot.id}` }))
  const places = Map.groupBy(slots.keys(), (place) => cellOf(slots[place] as EvaluationSlot))
  return {
    plan: { ...planned, slots },
    records: heldOut.records.map((record) => ({
      ...record,
      slots: [...record.slots, ...(places.get(record.cell) ?? []).map((place) => answered + place)].slice(
        0,
        heldOut.prompts,
      ),
    })),
  }
}

class NeedsCall extends Error {}

/**
 * What an arm puts before the model for further slots. What it asked for its answers is given again, such as AttrPrompt's attributes; undefined
 * where its method would ask or have answered something new for them, such as ZeroGen's first step, which would have to be paid for.
 */
export async function furtherPrompts(
  options: RunArmOptions,
  { steps }: ArmRun,
): Promise<readonly SlotPrompt[] | undefined> {
  const { arm, plan } = options
  const known = new Map(steps.map((row) => [row.id, row]))
  const again = (questions: readonly { readonly id: string }[]) =>
    questions.map(({ id }) => {
      const row = known.get(stepId(arm, id))
      if (row === undefined) throw new NeedsCall()
      return row
    })
  try {
    const prompts = await arm.plan(plan.slots, {
      // The same stream, so that an arm that draws candidates once draws the same; what it draws for a slot is named after the slot.
      ...settingOf(options),
      ask: (questions) => Promise.resolve().then(() => again(questions).map(({ output }) => output)),
      score: (scorings) =>
        Promise.resolve().then(() => again(scorings).map(({ logLikelihood }) => logLikelihood ?? -Infinity)),
      answer: () => Promise.reject(new NeedsCall()),
      note: () => {},
    })
    return plan.slots.flatMap((slot, index) => {
      const prompt = prompts[index]
      return prompt === undefined ? [] : [{ ...wantedAnswer(arm.name, slot, prompt, options), id: slot.id }]
    })
  } catch (error) {
    if (error instanceof NeedsCall) return undefined
    throw error
  }
}
