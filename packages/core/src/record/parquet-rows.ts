import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { RecordError } from '../errors/record-error.ts'
import type { RawRow } from './raw-row.ts'

/**
 * Rows of a Parquet file, one row group in memory at a time.
 *
 * @param selectColumns is given the names of the columns and returns those to read; the others are never decoded.
 */
export async function* parquetRows(
  file: AsyncBuffer,
  options: {
    readonly source: string | undefined
    readonly compressors: Compressors
    readonly selectColumns: (columns: readonly string[]) => readonly string[] | undefined
  },
): AsyncGenerator<RawRow> {
  const { source, compressors } = options
  let metadata: FileMetaData
  try {
    metadata = await parquetMetadataAsync(file)
  } catch (cause) {
    throw unreadable(source, cause, 'Check that the file is Parquet and was written to its end.')
  }
  const names = parquetSchema(metadata).children.map((child) => child.element.name)
  const columns = options.selectColumns(names)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    let rows: readonly Record<string, unknown>[]
    try {
      rows = await parquetReadObjects({
        file,
        metadata,
        compressors,
        rowStart,
        rowEnd,
        ...(columns === undefined ? {} : { columns: [...columns] }),
      })
    } catch (cause) {
      throw unreadable(source, cause, 'Write it again uncompressed or with snappy, gzip, brotli or zstd.')
    }
    for (const [index, value] of rows.entries()) yield { place: { source, row: rowStart + index + 1 }, value }
    rowStart = rowEnd
  }
}

function unreadable(source: string | undefined, cause: unknown, remedy: string): RecordError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new RecordError({
    code: 'record-unparsable',
    place: { source },
    problem: `the Parquet file cannot be read (${reason}).`,
    remedy,
    cause,
  })
}
