import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { normalisedText } from '../record/normalised-text.ts'
import { createRandom } from '../random/random.ts'
import { shuffle } from '../random/shuffle.ts'
import type { PopulationRecord } from '../record/population-record.ts'

/** Records to learn from, to choose strength and stopping on, and to report on. */
export interface RecordSplit {
  readonly train: readonly PopulationRecord[]
  readonly validation: readonly PopulationRecord[]
  readonly heldOut: readonly PopulationRecord[]
}

export interface SplitOptions {
  readonly seed: number | string
  /** Share of the records to report on. Default 0.2. */
  readonly heldOut?: number
  /** Share of the records to choose on. Default 0.2. */
  readonly validation?: number
}

/**
 * Splits records so that nobody stands on both sides: records of one respondent stay together, and where
 * no respondent is named, records that say the same free text.
 * @throws InvalidArgumentError where a share is out of (0, 1) or a part would be empty.
 */
export function splitRecords(records: readonly PopulationRecord[], options: SplitOptions): RecordSplit {
  const { heldOut = 0.2, validation = 0.2 } = options
  if (!(heldOut > 0 && validation > 0 && heldOut + validation < 1)) {
    throw new InvalidArgumentError({
      argument: 'heldOut, validation',
      expected: 'two shares above 0 whose sum is below 1, for example 0.2 and 0.2',
      found: [heldOut, validation],
    })
  }
  const groups = Map.groupBy(records, groupOf)
  const shuffled = shuffle(createRandom(options.seed).fork('split'), [...groups.values()])
  const parts = {
    heldOut: [] as PopulationRecord[],
    validation: [] as PopulationRecord[],
    train: [] as PopulationRecord[],
  }
  for (const group of shuffled) {
    const part =
      parts.heldOut.length < heldOut * records.length
        ? parts.heldOut
        : parts.validation.length < validation * records.length
          ? parts.validation
          : parts.train
    for (const record of group) part.push(record)
  }
  for (const [part, members] of Object.entries(parts)) {
    if (members.length > 0) continue
    throw new InvalidArgumentError({
      argument: 'records',
      expected: `enough respondents or distinct texts to fill three parts (the ${part} part would be empty)`,
      found: `${records.length} records of ${groups.size} respondents or distinct texts`,
    })
  }
  const position = new Map(records.map((record, index) => [record, index]))
  const inOrder = (part: PopulationRecord[]): PopulationRecord[] =>
    part.toSorted((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0))
  return {
    train: inOrder(parts.train),
    validation: inOrder(parts.validation),
    heldOut: inOrder(parts.heldOut),
  }
}

/** Who stands behind a record: records of one group are not independent of one another. */
export function groupOf(record: PopulationRecord): string {
  if (record.respondent !== undefined) return `respondent ${record.respondent}`
  return record.choices === undefined ? `text ${normalisedText(record.output)}` : `record ${record.id}`
}
