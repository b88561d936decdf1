import { digest } from './digest.ts'
import { normalisedText } from './normalised-text.ts'
import type { PopulationRecord } from './population-record.ts'

/**
 * Records as digests, to tell later whether one is among them, without their texts and names: of each field its distinct values, digested to
 * 66 bits of SHA-256 (11 characters, base64url) each, in ascending order and joined. Who has a text or a short id can test it, so digests are
 * pseudonyms, not anonymous.
 */
export interface SeenRecords {
  readonly ids: string
  readonly respondents?: string | undefined
  /** Of free texts, but for case, white space and Unicode form. A closed answer is given by many people and names none. */
  readonly texts?: string | undefined
}

/** What a record has in common with those that were seen. */
export type SeenAs = 'id' | 'respondent' | 'text'

const width = 11
const pattern = /^(?:[\w-]{11})*$/

/** The digests of some records. */
export async function digestSeen(records: readonly PopulationRecord[]): Promise<SeenRecords> {
  const [ids, respondents, texts] = await Promise.all([
    joined(records.map(({ id }) => ['id', id])),
    joined(
      records.flatMap(({ respondent }) => (respondent === undefined ? [] : [['respondent', respondent]])),
    ),
    joined(
      records.flatMap(({ output, choices }) =>
        choices === undefined ? [['text', normalisedText(output)]] : [],
      ),
    ),
  ])
  return { ids, respondents, texts }
}

/** How many records they are of. */
export function seenCount(seen: SeenRecords | undefined): number {
  return (seen?.ids.length ?? 0) / width
}

/** Whether that is what `digestSeen` gives. */
export function isSeenRecords({ ids, respondents = '', texts = '' }: SeenRecords): boolean {
  return [ids, respondents, texts].every((text) => pattern.test(text))
}

/** Tells of a record what it shares with the seen ones: the id before the respondent before the text; undefined where nothing. */
export function seenLookup(seen: SeenRecords): (record: PopulationRecord) => Promise<SeenAs | undefined> {
  const ids = split(seen.ids)
  const respondents = split(seen.respondents ?? '')
  const texts = split(seen.texts ?? '')
  return async ({ id, respondent, output, choices }) => {
    if (ids.has(await shortDigest('id', id))) return 'id'
    if (respondent !== undefined && respondents.has(await shortDigest('respondent', respondent)))
      return 'respondent'
    if (choices === undefined && texts.has(await shortDigest('text', normalisedText(output)))) return 'text'
    return undefined
  }
}

async function joined(values: readonly (readonly string[])[]): Promise<string> {
  const digests = await Promise.all(values.map((fields) => shortDigest(...fields)))
  return [...new Set(digests)].toSorted().join('')
}

async function shortDigest(...fields: readonly string[]): Promise<string> {
  return (await digest(...fields)).slice(0, width)
}

function split(digests: string): ReadonlySet<string> {
  return new Set(
    Array.from({ length: digests.length / width }, (_, index) =>
      digests.slice(index * width, (index + 1) * width),
    ),
  )
}
