import type { PopulationRecord } from '@mop/core'
import type { Given } from '../../api-contract.ts'

/** The records of those who were asked this very question: of the group's members, where one is meant. */
export function realRecords(
  records: readonly PopulationRecord[],
  { input, given }: { readonly input: string; readonly given?: Given | undefined },
): readonly PopulationRecord[] {
  const question = input.trim()
  return groupRecords(records, given).filter((record) => record.input.trim() === question)
}

/** The records of a group's members. */
export function groupRecords(
  records: readonly PopulationRecord[],
  given: Given | undefined,
): readonly PopulationRecord[] {
  const wanted = Object.entries(given ?? {})
  return records.filter(({ attributes }) =>
    wanted.every(([name, value]) => attributes !== undefined && String(attributes[name]) === value),
  )
}
