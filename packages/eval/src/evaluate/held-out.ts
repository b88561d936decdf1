import { type BoundMixture, InvalidArgumentError, type PopulationRecord } from '@mop/core'
import type { ArmRow } from './arm-row.ts'
import type { EvaluateArmsOptions } from './evaluate-arms.ts'
import type { EvaluationReport } from './evaluation-report.ts'
import { furtherPrompts, furtherSlots } from './further-prompts.ts'
import { type MeasuredHeldOut, measureHeldOut } from './measure-held-out.ts'
import { type HeldOutRecord, planHeldOut } from './plan-held-out.ts'
import type { EvaluationSlot } from './plan-slots.ts'
import type { RealAnswer } from './real-records.ts'
import type { ArmRun, RunArmOptions } from './run-arm.ts'
import { scoreHeldOut } from './score-held-out.ts'

type ReportedHeldOut = NonNullable<EvaluationReport['heldOut']>

interface ScoredArm {
  readonly rows: readonly ArmRow[]
  readonly measure: () => MeasuredHeldOut
}

/** The held-out free responses of an evaluation, and what is made of them arm by arm. */
export interface HeldOut {
  /** Rows of an arm. */
  readonly rows: number
  /** @param options with which the arm was run. */
  readonly scoreArm: (options: RunArmOptions, run: ArmRun) => Promise<ScoredArm>
  /** Once an arm has been scored. */
  readonly report: () => ReportedHeldOut
}

export interface HeldOutParts {
  readonly bound: BoundMixture
  /** What is left of the records, and their answers to open questions. */
  readonly records: readonly PopulationRecord[]
  readonly free: readonly RealAnswer[]
  readonly groups: readonly string[]
  readonly slots: readonly EvaluationSlot[]
}

/** Undefined where no response is to be scored or can be. @throws InvalidArgumentError without a scorer, and as `planHeldOut`. */
export async function heldOutOf(
  options: EvaluateArmsOptions,
  { bound, records, free, groups, slots }: HeldOutParts,
): Promise<HeldOut | undefined> {
  const { heldOut, seed, signal, onRow, temperature } = options
  if (heldOut === undefined) return undefined
  const plan = planHeldOut({ real: free, slots, seed, heldOut })
  if (plan.records.length === 0 || temperature === 0) return undefined
  const { scorer = options.scorer } = heldOut
  if (scorer === undefined) {
    throw new InvalidArgumentError({
      argument: 'heldOut.scorer',
      expected: 'a scorer, here or as `scorer`',
      found: 'none',
    })
  }
  const further = await furtherSlots({
    heldOut: plan,
    answered: slots.length,
    bound,
    records,
    groups,
    seed,
    temperature,
    signal,
  })
  const own: string[] = []
  let tokens = 0
  const rowsOf = (of: readonly HeldOutRecord[]): number =>
    of.reduce((sum, record) => sum + record.slots.length, 0)
  return {
    rows: rowsOf(further?.records ?? plan.records),
    scoreArm: async (armOptions, run) => {
      const { arm, completed } = armOptions
      const made = further && (await furtherPrompts({ ...armOptions, plan: further.plan }, run))
      if (further !== undefined && made === undefined) own.push(arm.name)
      const prompts = [
        ...run.prompts.map((prompt, place) => ({ ...prompt, id: (slots[place] as EvaluationSlot).id })),
        ...(made ?? []),
      ]
      const scored = made === undefined ? plan.records : (further?.records ?? plan.records)
      const rows = await scoreHeldOut({
        arm: arm.name,
        records: scored,
        prompts,
        scorer,
        completed,
        signal,
        onRow,
      })
      tokens = rows.reduce((sum, of) => sum + (of[0]?.tokens ?? 0), 0) / rows.length
      return { rows: rows.flat(), measure: () => measureHeldOut(scored, rows, options) }
    },
    report: () => ({
      records: plan.records.length,
      eligible: plan.eligible,
      prompts: rowsOf(further?.records ?? plan.records) / plan.records.length,
      ...(own.length > 0 && {
        fewer: { arms: own, prompts: rowsOf(plan.records) / plan.records.length },
      }),
      tokens,
    }),
  }
}

/** What a reader must know of the log-likelihoods, or why there are none. */
export function heldOutNotes(
  { heldOut, temperature }: EvaluateArmsOptions,
  free: number,
  report: ReportedHeldOut | undefined,
): readonly string[] {
  if (heldOut === undefined || heldOut.records === 0 || free === 0) return []
  if (temperature === 0) return ['At temperature 0 a response has no likelihood: none was taken.']
  if (report === undefined)
    return ['No held-out response has an input that was asked: no likelihood was taken.']
  const { fewer } = report
  return [
    `The log-likelihood is that of ${report.records} of ${report.eligible} free responses, the same under every arm, given ${report.prompts.toFixed(1)} of its prompts for the same input on average. It grows with the length of a response; the logarithm of a mean over few prompts is low, the more so the more they differ.`,
    ...(fewer === undefined
      ? []
      : [
          `Of ${fewer.arms.join(', ')} it rests on the ${fewer.prompts.toFixed(1)} prompts that were answered: more of them would take calls of their own.`,
        ]),
  ]
}
