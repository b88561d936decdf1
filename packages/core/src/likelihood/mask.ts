import type { Exemplar } from '../exemplar/exemplar.ts'
import { normalisedText } from '../record/normalised-text.ts'
import type { PopulationRecord } from '../record/population-record.ts'

/**
 * Indices of the exemplars that may not explain each record (METHOD section 3, target masking): the record's
 * own id, the same respondent, or, for free text, the same response. A closed answer (`choices` present) is
 * given by many people and is no copy; hiding every exemplar that agrees would tell the gate the answer.
 */
export function maskedExemplars(
  records: readonly PopulationRecord[],
  exemplars: readonly Exemplar[],
): readonly (readonly number[])[] {
  const byId = indicesBy(exemplars, (exemplar) => exemplar.id)
  const byRespondent = indicesBy(exemplars, (exemplar) => exemplar.respondent)
  const byText = indicesBy(exemplars, (exemplar) => normalisedText(exemplar.output))
  return records.map((record) => {
    const masked = new Set<number>(byId.get(record.id))
    if (record.respondent !== undefined) {
      for (const j of byRespondent.get(record.respondent) ?? []) masked.add(j)
    }
    if (record.choices === undefined) {
      for (const j of byText.get(normalisedText(record.output)) ?? []) masked.add(j)
    }
    return [...masked].toSorted((a, b) => a - b)
  })
}

/** Of each item, the exemplars that are masked for all of its records. */
export function commonMasks(
  items: number,
  itemOfRecord: Int32Array,
  maskOfRecord: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const common: (readonly number[] | undefined)[] = Array.from({ length: items })
  for (const [record, mask] of maskOfRecord.entries()) {
    const item = itemOfRecord[record] as number
    const before = common[item]
    common[item] = before === undefined ? mask : before.filter((j) => mask.includes(j))
  }
  return common.map((mask) => mask ?? [])
}

function indicesBy(
  exemplars: readonly Exemplar[],
  key: (exemplar: Exemplar) => string | undefined,
): Map<string, number[]> {
  const indices = new Map<string, number[]>()
  for (const [j, exemplar] of exemplars.entries()) {
    const name = key(exemplar)
    if (name === undefined) continue
    const list = indices.get(name)
    if (list === undefined) indices.set(name, [j])
    else list.push(j)
  }
  return indices
}
