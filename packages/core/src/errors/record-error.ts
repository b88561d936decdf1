import { MopError } from './mop-error.ts'

/** Where a record stands: the file or stream it came from, and its line or row there (both from 1). */
export interface RecordPlace {
  readonly source?: string | undefined
  /** Line of the text file on which the record begins. */
  readonly line?: number | undefined
  /** Row of data: the header of a CSV file is not counted, blank lines are not either. */
  readonly row?: number | undefined
}

export type RecordErrorCode =
  | 'record-invalid'
  | 'record-unparsable'
  | 'record-duplicate-id'
  | 'record-source-unreadable'
  | 'record-source-empty'

/** A record, or the file that holds it, is not what a population's records must be. */
export class RecordError extends MopError {
  readonly place: RecordPlace
  /** Dotted path of the field that is wrong, e.g. `choices.2`. */
  readonly field: string | undefined

  constructor(options: {
    code: RecordErrorCode
    /** What is wrong and what was found. The place and the field are put before it. */
    problem: string
    place?: RecordPlace | undefined
    field?: string | undefined
    remedy?: string
    cause?: unknown
  }) {
    const place = options.place ?? {}
    const subject = [
      ...placeWords(place),
      ...(options.field === undefined ? [] : [`field "${options.field}"`]),
    ]
    super({
      code: options.code,
      message: subject.length === 0 ? options.problem : `${subject.join(', ')}: ${options.problem}`,
      ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    })
    this.place = place
    this.field = options.field
  }
}

/** File and line, or row, as they stand in messages. */
export function placeWords(place: RecordPlace): string[] {
  const words: string[] = []
  if (place.source !== undefined) words.push(place.source)
  if (place.line !== undefined) words.push(`line ${place.line}`)
  else if (place.row !== undefined) words.push(`row ${place.row}`)
  return words
}
