import { RecordError, type RecordPlace } from '../errors/record-error.ts'
import type { PopulationRecord } from './population-record.ts'

export type RecordIssue =
  | { readonly kind: 'empty-output'; readonly id: string; readonly place: RecordPlace }
  | { readonly kind: 'invalid'; readonly error: RecordError; readonly place: RecordPlace }
  | { readonly kind: 'ignored-field'; readonly field: string; readonly place: RecordPlace }
  | {
      readonly kind: 'duplicate-text'
      readonly id: string
      /** The first record with this text. */
      readonly firstId: string
      readonly place: RecordPlace
    }

/** What reading a file of records found. */
export interface RecordReport {
  readonly source: string
  /** Rows read: records, empty outputs and invalid rows together. */
  readonly rows: number
  readonly records: number
  /** Rows left out because nothing was answered. */
  readonly emptyOutputs: number
  /** Rows left out because they are no valid record (with `invalid: 'skip'`). */
  readonly invalid: number
  /**
   * Records whose input and output equal those of an earlier one; for closed answers only where the
   * respondent is the same (or nobody is named), since different people give the same answer.
   */
  readonly duplicateTexts: number
  readonly closedAnswers: number
  /** Distinct respondents named. */
  readonly respondents: number
  readonly ignoredFields: readonly string[]
  /** The first hundred issues. */
  readonly issues: readonly RecordIssue[]
}

const issuesKept = 100

export class RecordReportBuilder {
  readonly #source: string
  readonly #onIssue: ((issue: RecordIssue) => void) | undefined
  readonly #placeById = new Map<string, RecordPlace>()
  readonly #idByText = new Map<string, string>()
  readonly #respondents = new Set<string>()
  readonly #ignoredFields: string[] = []
  readonly #issues: RecordIssue[] = []
  readonly #counts = { 'empty-output': 0, invalid: 0, 'ignored-field': 0, 'duplicate-text': 0 }
  #closedAnswers = 0

  constructor(source: string, onIssue?: (issue: RecordIssue) => void) {
    this.#source = source
    this.#onIssue = onIssue
  }

  note(issue: RecordIssue): void {
    this.#counts[issue.kind]++
    if (issue.kind === 'ignored-field') this.#ignoredFields.push(issue.field)
    if (this.#issues.length < issuesKept) this.#issues.push(issue)
    this.#onIssue?.(issue)
  }

  /** @throws RecordError (`record-duplicate-id`) when an earlier record has this id. */
  add(record: PopulationRecord, place: RecordPlace): void {
    const earlier = this.#placeById.get(record.id)
    if (earlier !== undefined) {
      throw new RecordError({
        code: 'record-duplicate-id',
        place,
        field: 'id',
        problem: `the id ${JSON.stringify(record.id)} was already given on ${earlier.line === undefined ? `row ${earlier.row}` : `line ${earlier.line}`}.`,
        remedy: 'Give every record an id of its own, or leave all ids out to have them derived.',
      })
    }
    this.#placeById.set(record.id, place)
    if (record.respondent !== undefined) this.#respondents.add(record.respondent)
    const closed = record.choices !== undefined
    if (closed) this.#closedAnswers++
    const text = JSON.stringify([record.input, record.output, closed ? (record.respondent ?? null) : null])
    const firstId = this.#idByText.get(text)
    if (firstId === undefined) this.#idByText.set(text, record.id)
    else this.note({ kind: 'duplicate-text', id: record.id, firstId, place })
  }

  placeOf(id: string): RecordPlace | undefined {
    return this.#placeById.get(id)
  }

  finish(): RecordReport {
    const records = this.#placeById.size
    return {
      source: this.#source,
      rows: records + this.#counts['empty-output'] + this.#counts.invalid,
      records,
      emptyOutputs: this.#counts['empty-output'],
      invalid: this.#counts.invalid,
      duplicateTexts: this.#counts['duplicate-text'],
      closedAnswers: this.#closedAnswers,
      respondents: this.#respondents.size,
      ignoredFields: [...this.#ignoredFields],
      issues: [...this.#issues],
    }
  }
}
