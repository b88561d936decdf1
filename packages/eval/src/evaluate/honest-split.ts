import { type Mixture, normalisedText, type PopulationRecord, type SeenAs, seenLookup } from '@mop/core'
import type { Arm } from '../arms/arm.ts'
import { type SplitLeak, SplitLeakError } from '../errors/split-leak-error.ts'

export interface HonestSplitOptions {
  readonly mixture: Pick<Mixture, 'exemplars' | 'personas'> & {
    readonly provenance?: Pick<Mixture['provenance'], 'seen'>
  }
  /** What the mixture was fitted on, as far as it is at hand, beside the digests in the mixture itself. */
  readonly training?: readonly PopulationRecord[] | undefined
  /** Arms with a mixture of their own, which is compared too. */
  readonly arms?: readonly Arm[] | undefined
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
 * a training record, or of one of which the mixture holds digests, nor, for free text, the same response; the same of the mixtures that arms have of
 * their own. A closed answer is given by many people and is no copy.
 * @throws SplitLeakError listing those that were, unless they are to be dropped.
 */
export async function honestSplit(
  records: readonly PopulationRecord[],
  { mixture, training = [], arms = [], dropSeen = false }: HonestSplitOptions,
): Promise<HonestSplit> {
  const seen = new Map<string, Omit<SplitLeak, 'record'>>()
  const note = (value: string, leak: Omit<SplitLeak, 'record'>): void => {
    const key = `${leak.same} ${value}`
    if (!seen.has(key)) seen.set(key, leak)
  }
  const noteRecords = (members: readonly SeenRecord[], where: Pick<SplitLeak, 'among' | 'arm'>): void => {
    for (const { id, respondent, output, choices } of members) {
      note(id, { ...where, same: 'id', as: id })
      if (respondent !== undefined) note(respondent, { ...where, same: 'respondent', as: id })
      if (choices === undefined) note(normalisedText(output), { ...where, same: 'text', as: id })
    }
  }
  const notePersonas = ({ personas }: Pick<Mixture, 'personas'>, of: Pick<SplitLeak, 'arm'>): void => {
    for (const { id, provenance } of personas) {
      for (const record of provenance?.recordIds ?? [])
        note(record, { among: 'personas', same: 'id', as: id, ...of })
    }
  }
  noteRecords(mixture.exemplars, { among: 'exemplars' })
  noteRecords(training, { among: 'training' })
  notePersonas(mixture, {})
  for (const { name, mixture: own } of arms) {
    if (own === undefined) continue
    noteRecords(own.exemplars, { among: 'exemplars', arm: name })
    notePersonas(own, { arm: name })
  }
  const digested = [{ mixture }, ...arms.map(({ name, mixture: own }) => ({ mixture: own, arm: name }))]
  const lookups = digested.flatMap(({ mixture: { provenance } = {}, ...of }) =>
    provenance?.seen === undefined ? [] : [{ lookup: seenLookup(provenance.seen), of }],
  )
  const leaks: SplitLeak[] = []
  const unseen: PopulationRecord[] = []
  for (const record of records) {
    const found =
      seen.get(`id ${record.id}`) ??
      (record.respondent === undefined ? undefined : seen.get(`respondent ${record.respondent}`)) ??
      (record.choices === undefined ? seen.get(`text ${normalisedText(record.output)}`) : undefined) ??
      (await digestedAs(record, lookups))
    if (found === undefined) unseen.push(record)
    else leaks.push({ record: record.id, ...found })
  }
  if (leaks.length > 0 && !dropSeen) throw new SplitLeakError(leaks)
  return { records: unseen, dropped: leaks.length }
}

async function digestedAs(
  record: PopulationRecord,
  lookups: readonly {
    readonly lookup: (record: PopulationRecord) => Promise<SeenAs | undefined>
    readonly of: Pick<SplitLeak, 'arm'>
  }[],
): Promise<Omit<SplitLeak, 'record'> | undefined> {
  for (const { lookup, of } of lookups) {
    const same = await lookup(record)
    if (same !== undefined) return { among: 'fitted', same, ...of }
  }
  return undefined
}
