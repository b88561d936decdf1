import type { PopulationRecord } from '@mop/core'

/** The real side of a comparison: each record's answer, who said it, and to which group they belong. */
export interface RealAnswer {
  /** Of the record. */
  readonly id: string
  readonly input: string
  readonly output: string
  readonly choices?: readonly string[] | undefined
  readonly respondent: string
  /** One label for each attribute. */
  readonly groups: readonly string[]
  readonly weight: number
}

/** Stands for no group: records that lack the attribute. */
export const noGroup = '(none)'

/** A group in tables: its value, with the attribute where there are several. */
export function groupLabel(attributes: readonly string[], name: string, value: string): string {
  return attributes.length > 1 ? `${name}: ${value}` : value
}

/** Attributes whose groups are asked for. */
export function groupAttributes(groups: string | readonly string[] | undefined): readonly string[] {
  return groups === undefined ? [] : typeof groups === 'string' ? [groups] : groups
}

export function realAnswers(
  records: readonly PopulationRecord[],
  attributesOfGroups: readonly string[],
): readonly RealAnswer[] {
  return records.map(({ id, input, output, choices, respondent, attributes, weight = 1 }) => {
    return {
      id,
      input,
      output,
      choices,
      respondent: respondent === undefined ? `record ${id}` : `respondent ${respondent}`,
      groups: attributesOfGroups.map((name) => {
        const value = attributes?.[name]
        return value === undefined ? noGroup : groupLabel(attributesOfGroups, name, String(value))
      }),
      weight,
    }
  })
}
