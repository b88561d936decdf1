import type { FitReport, HeldOutFigure } from '@mop/core'
import * as v from 'valibot'

type Way = 'bare' | 'uniform' | 'constant' | 'mixture'
type ShownFigure = Pick<HeldOutFigure, 'perRecord' | 'standardError' | 'temperature'>

/** The part of a fit's report that the page shows. */
export interface ShownReport extends Pick<FitReport, 'records' | 'personaSizes' | 'warnings'> {
  readonly heldOut: Readonly<Record<Way, ShownFigure>> & Pick<FitReport['heldOut'], 'gainOver'>
  readonly gate: Pick<FitReport['gate'], 'chosen'>
}

/** The report that stands in an artifact. @throws where it is not one of `fit`. */
export function readShownReport(report: unknown): ShownReport {
  const figure = v.object({ perRecord: v.number(), standardError: v.number(), temperature: v.number() })
  const gain = v.object({ mean: v.number(), interval: v.tuple([v.number(), v.number()]) })
  const schema = v.object({
    records: v.object({ train: v.number(), validation: v.number(), heldOut: v.number() }),
    heldOut: v.object({
      bare: figure,
      uniform: figure,
      constant: figure,
      mixture: figure,
      gainOver: v.object({ bare: gain, uniform: gain, constant: gain }),
    }),
    gate: v.object({ chosen: v.picklist(['constant', 'contextual']) }),
    personaSizes: v.array(v.number()),
    warnings: v.array(v.string()),
  })
  return v.parse(schema, report)
}
