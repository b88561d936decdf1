import type { RecordError, RecordPlace } from '../errors/record-error.ts'

/** One row as a file gives it, before mapping: its value, or why it could not be read. */
export type RawRow =
  | { readonly place: RecordPlace; readonly value: unknown }
  | { readonly place: RecordPlace; readonly problem: RecordError }
