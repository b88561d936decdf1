import { createRandom } from '../random/random.ts'
import { shuffle } from '../random/shuffle.ts'
import type { PopulationRecord } from '../record/population-record.ts'

/**
 * About `limit` records, at most that many: whole respondents in a seeded random order (records without a
 * respondent are people of their own). The records keep their order.
 */
export function sampleRespondents(
  records: readonly PopulationRecord[],
  limit: number,
  seed: number | string,
): readonly PopulationRecord[] {
  if (records.length <= limit) return records
  const people = Map.groupBy(records, ({ id, respondent }) =>
    respondent === undefined ? `record ${id}` : `respondent ${respondent}`,
  )
  const kept = new Set<PopulationRecord>()
  for (const theirs of shuffle(createRandom(seed).fork('limit'), [...people.values()])) {
    if (kept.size + theirs.length > limit) continue
    for (const record of theirs) kept.add(record)
    if (kept.size === limit) break
  }
  return records.filter((record) => kept.has(record))
}
