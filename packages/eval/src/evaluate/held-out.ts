import { InvalidArgumentError } from '@mop/core'
import type { ArmRow } from './arm-row.ts'
import type { EvaluateArmsOptions } from './evaluate-arms.ts'
import type { EvaluationReport } from './evaluation-report.ts'
import { type MeasuredHeldOut, measureHeldOut } from './measure-held-out.ts'
import { type HeldOutPlan, planHeldOut } from './plan-held-out.ts'
import type { EvaluationSlot } from './plan-slots.ts'
import type { RealAnswer } from './real-records.ts'
import type { ArmRun } from './run-arm.ts'
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
  readonly scoreArm: (arm: string, run: ArmRun, completed: ReadonlyMap<string, ArmRow>) => Promise<ScoredArm>
  /** Once an arm has been scored. */
  readonly report: () => ReportedHeldOut
}

/** Undefined where no response is to be scored or can be. @throws InvalidArgumentError without a scorer, and as `planHeldOut`. */
export function heldOutOf(
  options: EvaluateArmsOptions,
  real: readonly RealAnswer[],
  slots: readonly EvaluationSlot[],
): HeldOut | undefined {
  const { heldOut, seed, signal, onRow, temperature } = options
  if (heldOut === undefined) return undefined
  const plan = planHeldOut({ real, slots, seed, heldOut })
  if (plan.records.length === 0 || temperature === 0) return undefined
  const { scorer = options.scorer } = heldOut
  if (scorer === undefined) {
    throw new InvalidArgumentError({
      argument: 'heldOut.scorer',
      expected: 'a scorer, here or as `scorer`',
      found: 'none',
    })
  }
  let tokens = 0
  return {
    rows: plan.records.reduce((sum, record) => sum + record.slots.length, 0),
    scoreArm: async (arm, run, completed) => {
      const { records } = plan
      const rows = await scoreHeldOut({ arm, records, run, scorer, completed, signal, onRow })
      tokens = rows.reduce((sum, of) => sum + (of[0]?.tokens ?? 0), 0) / rows.length
      return { rows: rows.flat(), measure: () => measureHeldOut(records, rows, options) }
    },
    report: () => ({ ...outlineOf(plan), tokens }),
  }
}

function outlineOf({ records, eligible }: HeldOutPlan): Omit<ReportedHeldOut, 'tokens'> {
  return {
    records: records.length,
    eligible,
    prompts: records.reduce((sum, { slots }) => sum + slots.length, 0) / records.length,
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
  return [
    `The log-likelihood is that of ${report.records} of ${report.eligible} free responses, the same under every arm, given ${report.prompts.toFixed(1)} of its prompts for the same input on average. It grows with the length of a response; the logarithm of a mean over few prompts is low, the more so the more they differ.`,
  ]
}
