import { CsvError, parse } from 'csv-parse'
import { RecordError, type RecordPlace } from '../errors/record-error.ts'
import { countNewlines } from './decode-text.ts'
import type { RawRow } from './raw-row.ts'

/** A field longer than this is a quote that was never closed. */
const longestRow = 16 * 1024 * 1024

/**
 * Rows of a CSV text (RFC 4180: quoted fields may hold delimiters, doubled quotes and line ends) as objects
 * under the header's names, whose outer white space is dropped. Cells are kept exactly as they are.
 *
 * @param checkHeader is given the header's names before the first row.
 * @param skipBroken passes over a row whose quoting is broken instead of ending there; it is reported before rows that
 * stand near it.
 */
export async function* csvRows(
  texts: AsyncIterable<string>,
  options: {
    readonly source: string | undefined
    readonly delimiter: string
    readonly skipBroken: boolean
    readonly checkHeader: (columns: readonly string[]) => void
  },
): AsyncGenerator<RawRow> {
  const { source } = options
  const skipped: RawRow[] = []
  let lastSkipped = 0
  // The parser counts a CRLF inside quotes as two lines.
  let linesOvercounted = 0
  const unreadable = (cause: CsvError): RecordError =>
    new RecordError({
      code: 'record-unparsable',
      place: { source, line: Number(cause['lines']) - linesOvercounted },
      problem: `the CSV cannot be read here (${cause.message}).`,
      remedy: 'Close every quote, and double the quotes inside quoted cells.',
      cause,
    })
  const parser = parse({
    delimiter: options.delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    skip_records_with_error: options.skipBroken,
    // Called as the row is parsed, so that the count is right for the faults that follow it; the line goes first.
    on_record: (cells, { lines }) => {
      let innerLines = 0
      for (const cell of cells) {
        innerLines += countNewlines(cell)
        linesOvercounted += cell.split('\r\n').length - 1
      }
      return [String(lines - linesOvercounted - innerLines), ...cells]
    },
    on_skip: (error) => {
      if (error === undefined) return undefined
      const problem = unreadable(error)
      // A row with two faults is told of twice.
      if (problem.place.line !== lastSkipped) skipped.push({ place: problem.place, problem })
      lastSkipped = problem.place.line ?? 0
      return undefined
    },
  })
  const fed = feed(texts, parser)
  // The parser's own error reaches us by its iterator; this one is the source's.
  fed.catch((error: unknown) => parser.destroy(error as Error))

  let columns: readonly string[] | undefined
  let row = 0
  try {
    for await (const [lineText, ...cells] of parser as AsyncIterable<string[]>) {
      const line = Number(lineText)
      yield* skipped.splice(0)
      if (columns === undefined) {
        columns = readHeader(cells, { source, line })
        options.checkHeader(columns)
        continue
      }
      const place = { source, line, row: ++row }
      if (cells.length === columns.length) {
        yield { place, value: Object.fromEntries(columns.map((name, index) => [name, cells[index]])) }
      } else {
        const problem = new RecordError({
          code: 'record-unparsable',
          place,
          problem: `this row has ${cells.length} cells where the header has ${columns.length}.`,
          remedy: `Quote cells that hold "${options.delimiter}" or line ends, or correct the row.`,
        })
        yield { place, problem }
      }
    }
    await fed
    yield* skipped.splice(0)
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(error)
    throw error
  } finally {
    parser.destroy()
  }
}

async function feed(texts: AsyncIterable<string>, parser: ReturnType<typeof parse>): Promise<void> {
  for await (const text of texts) {
    if (parser.destroyed) return
    if (!parser.write(text)) {
      await new Promise<void>((resolve) => {
        const proceed = (): void => {
          parser.off('drain', proceed)
          parser.off('close', proceed)
          resolve()
        }
        parser.on('drain', proceed)
        parser.on('close', proceed)
      })
    }
  }
  parser.end()
}

function readHeader(cells: readonly string[], place: RecordPlace): string[] {
  const names = cells.map((cell) => cell.trim())
  const seen = new Set<string>()
  const repeated = names.find((name) => seen.size === seen.add(name).size)
  if (repeated !== undefined) {
    throw new RecordError({
      code: 'record-unparsable',
      place,
      problem: `the header names the column ${JSON.stringify(repeated)} twice.`,
      remedy: 'Give every column a name of its own.',
    })
  }
  return names
}
