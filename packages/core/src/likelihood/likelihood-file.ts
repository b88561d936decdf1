import { openAppendOnlyLines } from '../files/append-only-lines.ts'
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
 * operating system before the next is computed, so a killed process loses at most the one in flight. Locked until disposed.
 * @throws LikelihoodTableError where the file was made with another scorer, template or temperatures, or is broken.
 * @throws FileLockedError where another process keeps its table there.
 */
export function openLikelihoodFile(path: string, header: LikelihoodHeader): LikelihoodFile {
  let append: ((line: string) => void) | undefined
  const table = new LikelihoodTable(header, (entry) => append?.(formatLikelihoodEntry(entry)))
  let isNew = true
  const lines = openAppendOnlyLines(path, {
    mode: 0o600,
    onLine(line, number) {
      if (isNew) assertSameHeader(header, parseLikelihoodHeader(line, path))
      else if (line.trim() !== '') table.add(parseLikelihoodEntry(line, path, number))
      isNew = false
    },
  })
  try {
    if (isNew) lines.append(formatLikelihoodHeader(header))
  } catch (error) {
    lines[Symbol.dispose]()
    throw error
  }
  append = lines.append
  return {
    table,
    resumed: table.size,
    tornBytes: lines.tornBytes,
    [Symbol.dispose]: () => lines[Symbol.dispose](),
  }
}
