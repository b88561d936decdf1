import { createReadStream } from 'node:fs'
import { type LoadedRecords, loadRecords, type RecordFormat } from '@mop/core/readers'
import { ProblemError } from '../http/problem-error.ts'

/** Where records lie, and what they were called when they came. */
export interface RecordFile {
  /** One after the other. */
  readonly paths: readonly string[]
  readonly name: string
  readonly format: RecordFormat
}

const formats: Readonly<Record<string, RecordFormat>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
}

/** @throws ProblemError 422 for a name whose extension tells no format. */
export function formatOfName(name: string): RecordFormat {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const format = Object.hasOwn(formats, extension) ? formats[extension] : undefined
  if (format !== undefined) return format
  throw new ProblemError(422, {
    message: `What kind of file ${JSON.stringify(name)} is cannot be told from its name.`,
    remedy: `Give a file whose name ends in ${Object.keys(formats)
      .map((one) => `.${one}`)
      .join(', ')}.`,
  })
}

/** @throws RecordError naming file, line and field. */
export function readRecordFile(file: RecordFile): Promise<LoadedRecords> {
  return loadRecords(contentOf(file.paths), { format: file.format, name: file.name })
}

/** @throws RecordError naming file, line and field. */
export function readRecordBytes(
  bytes: Uint8Array,
  { name, format }: Omit<RecordFile, 'paths'>,
): Promise<LoadedRecords> {
  return loadRecords(chunksOf(bytes), { format, name })
}

async function* contentOf(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path)
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
