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
import {
  formatLikelihoodEntry,
  formatLikelihoodHeader,
  parseLikelihoodEntry,
  parseLikelihoodHeader,
} from './likelihood-log.ts'
import { assertSameHeader, type LikelihoodHeader, LikelihoodTable } from './likelihood-table.ts'

export interface LikelihoodFile extends Disposable {
  readonly table: LikelihoodTable
  /** Entries that the file already held. */
  readonly resumed: number
  /** Bytes of a last line that was cut off by a kill and has been removed; 0 normally. */
  readonly tornBytes: number
}

/**
 * Opens or creates the file in which a likelihood table is kept while it grows. Each entry is handed to the
 * operating system before the next is computed, so a killed process loses at most the one in flight.
 * @throws LikelihoodTableError where the file was made with another scorer, template or temperatures, or is broken.
 */
export function openLikelihoodFile(path: string, header: LikelihoodHeader): LikelihoodFile {
  mkdirSync(dirname(path), { recursive: true })
  const { entries, tornBytes, isNew } = readEntries(path, header)
  if (tornBytes > 0) truncateSync(path, readFileSync(path).length - tornBytes)
  const descriptor = openSync(path, 'a', 0o600)
  const write = (line: string): void => {
    writeFully(descriptor, `${line}\n`)
  }
  if (isNew) write(formatLikelihoodHeader(header))
  let replaying = true
  const table = new LikelihoodTable(header, (entry) => {
    if (!replaying) write(formatLikelihoodEntry(entry))
  })
  for (const entry of entries) table.add(entry)
  replaying = false
  return {
    table,
    resumed: table.size,
    tornBytes,
    [Symbol.dispose]() {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
}

function readEntries(
  path: string,
  header: LikelihoodHeader,
): { entries: ReturnType<typeof parseLikelihoodEntry>[]; tornBytes: number; isNew: boolean } {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const end = text.lastIndexOf('\n') + 1
  const tornBytes = Buffer.byteLength(text.slice(end))
  const [first, ...rest] = text.slice(0, end).split('\n').slice(0, -1)
  if (first === undefined) return { entries: [], tornBytes, isNew: true }
  assertSameHeader(header, parseLikelihoodHeader(first, path))
  const entries = rest.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseLikelihoodEntry(line, path, index + 2)],
  )
  return { entries, tornBytes, isNew: false }
}

function writeFully(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written)
}
