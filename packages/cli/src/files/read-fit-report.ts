import type { FitReport } from '@mop/core'
import * as v from 'valibot'

const figure = v.object({
  perRecord: v.number(),
  perToken: v.number(),
  standardError: v.number(),
  monteCarloError: v.number(),
  monteCarloBias: v.number(),
  temperature: v.number(),
})
const gain = v.object({ mean: v.number(), interval: v.tuple([v.number(), v.number()]) })

/** The part of a report that is shown. */
const shownSchema = v.object({
  heldOut: v.object({
    bare: figure,
    uniform: figure,
    constant: figure,
    mixture: figure,
    gainOver: v.object({ bare: gain, uniform: gain, constant: gain }),
    componentsPerRecord: v.number(),
  }),
  constant: v.object({ gap: v.number() }),
  gate: v.object({
    chosen: v.picklist(['constant', 'contextual']),
    rank: v.number(),
    regularisation: v.number(),
  }),
  personaSizes: v.array(v.number()),
  effectivePersonas: v.number(),
  warnings: v.array(v.string()),
})

/** What `mop inspect` shows of a report. */
export type ShownReport = Pick<FitReport, 'heldOut' | 'personaSizes' | 'effectivePersonas' | 'warnings'> & {
  readonly constant: Pick<FitReport['constant'], 'gap'>
  readonly gate: Pick<FitReport['gate'], 'chosen' | 'rank' | 'regularisation'>
}

/** The report stored in a mixture, where it is one that can be shown; files of other programs need not have one. */
export function readFitReport(value: unknown): ShownReport | undefined {
  const checked = v.safeParse(shownSchema, value)
  return checked.success ? checked.output : undefined
}
