import { MopError } from '@mop/core'
import { type AppendOnlyLines, openAppendOnlyLines } from '@mop/core/node'
import { FileError, reasonOf } from '../errors/file-error.ts'

/** A JSONL file that grows by whole lines. */
export interface ResumableRows extends Disposable {
  /** Ids of the rows that the file already held. */
  readonly completed: ReadonlySet<string>
  /** Bytes of a torn last line that was removed; 0 normally. */
  readonly tornBytes: number
  append(row: object): void
}

/**
 * Opens or creates a file of rows with an `id` each. A last line without its line break, as a kill leaves it, is removed.
 * Each row is handed to the operating system before the next one is made.
 * @param onRow Called with each row that the file already held, and the number of its line.
 * @throws FileError for a file that cannot be opened, a line that is no such row or, of `append`, one that cannot be written.
 * @throws FileLockedError where another process writes it.
 */
export function openResumableRows(path: string, onRow?: (row: object, line: number) => void): ResumableRows {
  const completed = new Set<string>()
  const lines = openLines(path, (line, number) => {
    if (line.trim() === '') return
    const row = rowOf(line, path, number)
    completed.add(row.id)
    onRow?.(row, number)
  })
  return {
    completed,
    tornBytes: lines.tornBytes,
    append: (row) => appendTo(lines, row, path),
    [Symbol.dispose]: () => lines[Symbol.dispose](),
  }
}

function openLines(path: string, onLine: (line: string, number: number) => void): AppendOnlyLines {
  try {
    return openAppendOnlyLines(path, { onLine })
  } catch (cause) {
    if (MopError.isInstance(cause)) throw cause
    throw new FileError({
      path,
      problem: `it cannot be written (${reasonOf(cause)}).`,
      remedy: 'Give another output.',
      cause,
    })
  }
}

function appendTo(lines: AppendOnlyLines, row: object, path: string): void {
  try {
    lines.append(JSON.stringify(row))
  } catch (cause) {
    if (MopError.isInstance(cause)) throw cause
    throw new FileError({
      path,
      problem: `a row cannot be written (${reasonOf(cause)}).`,
      remedy: 'Make room for it and run the same command again: it goes on after the rows that were written.',
      cause,
    })
  }
}

function rowOf(line: string, path: string, number: number): { readonly id: string } {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch {
    row = undefined
  }
  if (isRow(row)) return row
  throw new FileError({
    path,
    problem: `line ${number} is no simulated row; found ${JSON.stringify(line.slice(0, 60))}.`,
    remedy: 'Delete that line to keep the rest, or give another output.',
  })
}

function isRow(row: unknown): row is { readonly id: string } {
  return typeof row === 'object' && row !== null && typeof Reflect.get(row, 'id') === 'string'
}
