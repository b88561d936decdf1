import { type Mixture, normalisedText, type PopulationRecord, seenLookup } from '@mop/core'
import { type SplitLeak, SplitLeakError } from '../errors/split-leak-error.ts'

export interface HonestSplitOptions {
  readonly mixture: Pick<Mixture, 'exemplars' | 'personas'> & {
    readonly provenance?: Pick<Mixture['provenance'], 'seen'>
  }
  /** What the mixture was fitted on, as far as it is at hand, beside the digests in the mixture itself. */
  readonly training?: readonly PopulationRecord[] | undefined
  /** Leave seen records out instead of refusing. Default false. */
  readonly dropSeen?: boolean | undefined
}

type SeenRecord = Pick<PopulationRecord, 'id' | 'output' | 'respondent' | 'choices'>

export interface HonestSplit {
  /** The test records that nothing of the mixture has seen. */
  readonly records: readonly PopulationRecord[]
  /** How many were left out. */
  readonly dropped: number
}

/**
 * Test records that were not seen: none has the id or the respondent of an exemplar, of a record that a persona was written from, of
 * a training record, or of one of which the mixture holds digests, nor, for free text, the same response. A closed answer is given by many people and is no copy.
 * @throws SplitLeakError listing those that were, unless they are to be dropped.
 */
export async function honestSplit(
  records: readonly PopulationRecord[],
  { mixture, training = [], dropSeen = false }: HonestSplitOptions,
): Promise<HonestSplit> {
  const seen = new Map<string, Pick<SplitLeak, 'among' | 'same' | 'as'>>()
  const note = (among: SplitLeak['among'], same: SplitLeak['same'], value: string, as: string): void => {
    const key = `${same} ${value}`
    if (!seen.has(key)) seen.set(key, { among, same, as })
  }
  const parts: readonly (readonly [SplitLeak['among'], readonly SeenRecord[]])[] = [
    ['exemplars', mixture.exemplars],
    ['training', training],
  ]
  for (const [among, members] of parts) {
    for (const { id, respondent, output, choices } of members) {
      note(among, 'id', id, id)
      if (respondent !== undefined) note(among, 'respondent', respondent, id)
      if (choices === undefined) note(among, 'text', normalisedText(output), id)
    }
  }
  for (const { id, provenance } of mixture.personas) {
    for (const record of provenance?.recordIds ?? []) note('personas', 'id', record, id)
  }
  const digested = mixture.provenance?.seen
  const asDigested = digested === undefined ? undefined : seenLookup(digested)
  const leaks: SplitLeak[] = []
  const unseen: PopulationRecord[] = []
  for (const record of records) {
    const found =
      seen.get(`id ${record.id}`) ??
      (record.respondent === undefined ? undefined : seen.get(`respondent ${record.respondent}`)) ??
      (record.choices === undefined ? seen.get(`text ${normalisedText(record.output)}`) : undefined)
    const same = found === undefined ? await asDigested?.(record) : undefined
    if (found !== undefined) leaks.push({ record: record.id, ...found })
    else if (same !== undefined) leaks.push({ record: record.id, among: 'fitted', same })
    else unseen.push(record)
  }
  if (leaks.length > 0 && !dropSeen) throw new SplitLeakError(leaks)
  return { records: unseen, dropped: leaks.length }
}
