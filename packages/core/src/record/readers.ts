import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { AsyncBuffer } from 'hyparquet'
import { RecordError, type RecordPlace } from '../errors/record-error.ts'
import { csvRows } from './csv-rows.ts'
import { decodeText } from './decode-text.ts'
import { jsonArrayRows } from './json-array-rows.ts'
import { jsonLinesRows } from './json-lines-rows.ts'
import { parquetRows } from './parquet-rows.ts'
import { parseRecord } from './parse-record.ts'
import type { PopulationRecord } from './population-record.ts'
import type { RawRow } from './raw-row.ts'
import { checkColumns, mapRow, neededColumns, type RecordMapping } from './record-mapping.ts'
import { RecordReportBuilder, type RecordIssue, type RecordReport } from './record-report.ts'

export type { RecordMapping } from './record-mapping.ts'
export type { RecordIssue, RecordReport } from './record-report.ts'
export { RecordError, type RecordErrorCode, type RecordPlace } from '../errors/record-error.ts'

export type RecordFormat = 'jsonl' | 'json' | 'csv' | 'parquet'

/** A path, or the bytes (UTF-8) or texts of a file as they come. */
export type RecordSource = string | AsyncIterable<Uint8Array | string>

export interface ReadRecordsOptions {
  /** Default: by the path's extension (.jsonl, .ndjson, .json, .csv, .tsv, .parquet); 'jsonl' for a stream. */
  readonly format?: RecordFormat
  readonly mapping?: RecordMapping
  /** Between CSV cells. Default ',' ('\t' for .tsv). */
  readonly delimiter?: string
  /** Names a stream in errors and derived ids. Default 'records'; for a path, its file name. */
  readonly name?: string
  /** What a row that cannot be read or is no valid record does. Default 'throw'; 'skip' reports and passes on. */
  readonly invalid?: 'throw' | 'skip'
  /** Told of every row left out (empty output, or invalid when skipped) and of fields that are ignored. */
  readonly onIssue?: (issue: RecordIssue) => void
  readonly signal?: AbortSignal
}

/**
 * Reads records one at a time, in the order of the file, without holding the file in memory: JSONL by line,
 * a JSON array by element, CSV by row, Parquet by row group (a Parquet STREAM is collected whole first: the
 * format's index stands at its end).
 *
 * A record without an id gets `<file name without extension>:<line>` (`:<row>` for JSON arrays and Parquet). CSV cells stay
 * text, except `weight`; `choices` in a cell is a JSON list or `yes|no`. Empty cells and nulls are absent; a
 * record whose output is empty is left out and reported. Ids are not compared here: `loadRecords` does.
 *
 * @throws RecordError naming file, line (or row) and field.
 */
export async function* readRecords(
  source: RecordSource,
  options: ReadRecordsOptions = {},
): AsyncGenerator<PopulationRecord, void, undefined> {
  for await (const { record } of readPlacedRecords(source, options)) yield record
}

export interface LoadedRecords {
  readonly records: readonly PopulationRecord[]
  readonly report: RecordReport
  /** Where the record with this id stands; undefined for an id that no record has. */
  placeOf(id: string): RecordPlace | undefined
}

/**
 * Reads all records and looks at them together.
 *
 * `placeOf` tells file and line (or row) of a record by its id. The report counts rows, empty outputs, invalid rows (with `invalid: 'skip'`) and repeated texts. Repeats
 * are kept: equal closed answers of different respondents are different people.
 *
 * @throws RecordError as `readRecords`, for two records with the same id (`record-duplicate-id`), and when
 * nothing is left (`record-source-empty`).
 */
export async function loadRecords(
  source: RecordSource,
  options: ReadRecordsOptions = {},
): Promise<LoadedRecords> {
  const name = nameOf(source, options)
  const builder = new RecordReportBuilder(name, options.onIssue)
  const records: PopulationRecord[] = []
  const withReport = { ...options, onIssue: (issue: RecordIssue) => builder.note(issue) }
  for await (const { record, place } of readPlacedRecords(source, withReport)) {
    builder.add(record, place)
    records.push(record)
  }
  const report = builder.finish()
  if (records.length === 0) {
    throw new RecordError({
      code: 'record-source-empty',
      place: { source: name },
      problem: `no record is left of ${report.rows} rows (${report.emptyOutputs} with an empty output, ${report.invalid} invalid).`,
      remedy: 'Give a file that holds records.',
    })
  }
  return { records, report, placeOf: (id) => builder.placeOf(id) }
}

async function* readPlacedRecords(
  source: RecordSource,
  options: ReadRecordsOptions,
): AsyncGenerator<{ record: PopulationRecord; place: RecordPlace }> {
  const { mapping = {}, onIssue, signal } = options
  const name = nameOf(source, options)
  const format = options.format ?? formatOf(source)
  const shape = {
    mapping,
    tabular: format === 'csv' || format === 'parquet',
    textOnly: format === 'csv',
    idPrefix: name.replace(/(?<=.)\.[^.]*$/, ''),
    idsBy: format === 'jsonl' || format === 'csv' ? 'line' : 'row',
  } as const
  const ignoredFields = new Set<string>()
  for await (const row of rowsOf(source, format, name, options)) {
    signal?.throwIfAborted()
    const { place } = row
    try {
      if ('problem' in row) throw row.problem
      const { candidate, ignored } = mapRow(row.value, place, shape)
      for (const field of ignored) {
        if (ignoredFields.has(field)) continue
        ignoredFields.add(field)
        onIssue?.({ kind: 'ignored-field', field, place })
      }
      if (hasEmptyOutput(candidate)) {
        onIssue?.({ kind: 'empty-output', id: String(candidate.id), place })
        continue
      }
      yield { record: parseRecord(candidate, place), place }
    } catch (error) {
      if (options.invalid !== 'skip' || !(error instanceof RecordError)) throw error
      onIssue?.({ kind: 'invalid', error, place })
    }
  }
}

function hasEmptyOutput(candidate: unknown): candidate is { id: unknown; output: string } {
  if (typeof candidate !== 'object' || candidate === null || !('output' in candidate)) return false
  return typeof candidate.output === 'string' && candidate.output.trim() === ''
}

async function* rowsOf(
  source: RecordSource,
  format: RecordFormat,
  name: string,
  options: ReadRecordsOptions,
): AsyncGenerator<RawRow> {
  const { mapping = {}, signal } = options
  const checkHeader = (columns: readonly string[]): void => checkColumns(columns, mapping, name)
  if (format === 'parquet') {
    const parquet = {
      source: name,
      compressors: {
        GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
        BROTLI: (bytes: Uint8Array) => brotliDecompressSync(bytes),
        ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes),
      },
      selectColumns: (columns: readonly string[]) => {
        checkHeader(columns)
        return neededColumns(columns, mapping)
      },
    }
    if (typeof source === 'string') yield* withFile(source, name, (file) => parquetRows(file, parquet))
    else yield* parquetRows(await collect(source), parquet)
    return
  }
  const texts = decodeText(typeof source === 'string' ? fileChunks(source, name, signal) : source, name)
  if (format === 'jsonl') yield* jsonLinesRows(texts, name)
  else if (format === 'json') yield* jsonArrayRows(texts, name)
  else {
    const delimiter = options.delimiter ?? (name.toLowerCase().endsWith('.tsv') ? '\t' : ',')
    yield* csvRows(texts, { source: name, delimiter, skipBroken: options.invalid === 'skip', checkHeader })
  }
}

function nameOf(source: RecordSource, options: ReadRecordsOptions): string {
  if (options.name !== undefined) return options.name
  return typeof source === 'string' ? (source.split(/[\\/]/).at(-1) ?? source) : 'records'
}

function formatOf(source: RecordSource): RecordFormat {
  if (typeof source !== 'string') return 'jsonl'
  const extension = /\.([^.\\/]+)$/.exec(source)?.[1]?.toLowerCase()
  if (extension === 'jsonl' || extension === 'ndjson') return 'jsonl'
  if (extension === 'json' || extension === 'parquet') return extension
  if (extension === 'csv' || extension === 'tsv') return 'csv'
  throw new RecordError({
    code: 'record-source-unreadable',
    place: { source },
    problem: `the format cannot be told from the extension ${extension === undefined ? '(there is none)' : `.${extension}`}.`,
    remedy: 'Give `format`: jsonl, json, csv or parquet.',
  })
}

async function* fileChunks(
  path: string,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, {
    highWaterMark: 256 * 1024,
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (cause) {
    signal?.throwIfAborted()
    throw unreadable(path, name, cause)
  }
}

async function* withFile(
  path: string,
  name: string,
  rows: (file: AsyncBuffer) => AsyncGenerator<RawRow>,
): AsyncGenerator<RawRow> {
  const handle = await open(path).catch((cause: unknown) => {
    throw unreadable(path, name, cause)
  })
  try {
    const { size } = await handle.stat().catch((cause: unknown) => {
      throw unreadable(path, name, cause)
    })
    yield* rows({
      byteLength: size,
      async slice(start, end = size) {
        const bytes = new Uint8Array(Math.max(0, end - start))
        let filled = 0
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled)
          if (bytesRead === 0) throw new RangeError(`the file ends at byte ${start + filled}`)
          filled += bytesRead
        }
        return bytes.buffer
      },
    })
  } finally {
    await handle.close()
  }
}

async function collect(chunks: AsyncIterable<Uint8Array | string>): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') throw new TypeError('A Parquet stream is made of bytes, not of text.')
    parts.push(new Uint8Array(chunk))
  }
  return new Blob(parts).arrayBuffer()
}

function unreadable(path: string, name: string, cause: unknown): RecordError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new RecordError({
    code: 'record-source-unreadable',
    place: { source: name },
    problem: `the file cannot be read (${reason}).`,
    remedy: `Check the path ${JSON.stringify(path)} and the right to read it.`,
    cause,
  })
}
