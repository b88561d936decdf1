import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { PopulationRecord } from '../record/population-record.ts'

/** What divides a population into strata. Without either, there is one stratum, `all`. */
export interface StrataOptions {
  /** Names of attributes, e.g. ['age', 'gender']: their combinations are the strata. A missing one is `(none)`. */
  readonly attributes?: readonly string[] | undefined
  /** One label per record, e.g. of embedding clusters; crossed with the attributes. */
  readonly labels?: ArrayLike<number | string> | undefined
}

/**
 * The name of each record's stratum, e.g. `age=18-29, gender=F, label=3`.
 *
 * @throws InvalidArgumentError when labels do not match the records, or no record has a named attribute.
 */
export function stratumNames(
  records: readonly PopulationRecord[],
  options: StrataOptions,
): readonly string[] {
  const { attributes = [], labels } = options
  if (labels !== undefined && labels.length !== records.length) {
    throw new InvalidArgumentError({
      argument: 'strata.labels',
      expected: `one label for each of the ${records.length} records`,
      found: `${labels.length} labels`,
    })
  }
  for (const name of attributes) {
    if (records.some((record) => valueOf(record, name) !== undefined)) continue
    const known = new Set(records.flatMap((record) => Object.keys(record.attributes ?? {})))
    throw new InvalidArgumentError({
      argument: 'strata.attributes',
      expected: 'attributes that records have',
      found: `${JSON.stringify(name)}, which none has`,
      remedy: known.size === 0 ? 'The records have no attributes.' : `They have: ${[...known].join(', ')}.`,
    })
  }
  return records.map((record, index) => {
    const parts = attributes.map((name) => `${name}=${valueOf(record, name) ?? '(none)'}`)
    if (labels !== undefined) parts.push(`label=${labels[index]}`)
    return parts.length === 0 ? 'all' : parts.join(', ')
  })
}

function valueOf(record: PopulationRecord, name: string): string | number | boolean | undefined {
  const { attributes } = record
  return attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined
}
