import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
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
 * @throws FileError for a file that cannot be opened, or a line that is no such row.
 */
export function openResumableRows(path: string): ResumableRows {
  const { completed, tornBytes } = readRows(path)
  const descriptor = openForAppend(path)
  return {
    completed,
    tornBytes,
    append(row) {
      const bytes = Buffer.from(`${JSON.stringify(row)}\n`)
      let written = 0
      while (written < bytes.length) written += writeSync(descriptor, bytes, written)
    },
    [Symbol.dispose]() {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
}

function readRows(path: string): { completed: ReadonlySet<string>; tornBytes: number } {
  const bytes = existsSync(path) ? readBytes(path) : Buffer.alloc(0)
  const end = bytes.lastIndexOf(10) + 1
  const completed = new Set<string>()
  for (const [index, line] of bytes.subarray(0, end).toString('utf8').split('\n').entries()) {
    if (line.trim() !== '') completed.add(idOf(line, path, index + 1))
  }
  const tornBytes = bytes.length - end
  if (tornBytes > 0) truncateSync(path, end)
  return { completed, tornBytes }
}

function idOf(line: string, path: string, number: number): string {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch {
    row = undefined
  }
  const id: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'id') : undefined
  if (typeof id === 'string') return id
  throw new FileError({
    path,
    problem: `line ${number} is no simulated row; found ${JSON.stringify(line.slice(0, 60))}.`,
    remedy: 'Delete that line to keep the rest, or give another output.',
  })
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new FileError({
      path,
      problem: `it cannot be read (${reasonOf(cause)}).`,
      remedy: 'Give another output.',
      cause,
    })
  }
}

function openForAppend(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'a')
  } catch (cause) {
    throw new FileError({
      path,
      problem: `it cannot be written (${reasonOf(cause)}).`,
      remedy: 'Give another output.',
      cause,
    })
  }
}
