import type { PopulationRecord } from '@mop/core'

/** The real side of a comparison: each record's answer, who said it, and to which group they belong. */
export interface RealAnswer {
  readonly input: string
  readonly output: string
  readonly choices?: readonly string[] | undefined
  readonly respondent: string
  readonly group: string
  readonly weight: number
}

/** Stands for no group: records that lack the attribute. */
export const noGroup = '(none)'

export function realAnswers(
  records: readonly PopulationRecord[],
  groups: string | undefined,
): readonly RealAnswer[] {
  return records.map(({ id, input, output, choices, respondent, attributes, weight = 1 }) => {
    const value = groups === undefined ? undefined : attributes?.[groups]
    return {
      input,
      output,
      choices,
      respondent: respondent === undefined ? `record ${id}` : `respondent ${respondent}`,
      group: value === undefined ? noGroup : String(value),
      weight,
    }
  })
}
