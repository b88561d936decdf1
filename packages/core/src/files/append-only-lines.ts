import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { lockFile } from './file-lock.ts'

/** A text file that grows by whole lines. Nobody else appends to it meanwhile. */
export interface AppendOnlyLines extends Disposable {
  /** Bytes of a last line without its line break, as a kill leaves it, that have been removed; 0 normally. */
  readonly tornBytes: number
  /** Hands the line to the operating system before it returns, so that a killed process loses at most the one in flight. */
  append(line: string): void
}

export interface AppendOnlyLinesOptions {
  /** Told of each whole line that the file holds already, numbered from 1. What it throws leaves the file as it was. */
  readonly onLine: (line: string, number: number) => void
  /** Permissions of a new file. Default 0o666, less the process's mask. */
  readonly mode?: number | undefined
  /** Bytes read at once. Default 1 MiB. */
  readonly chunkBytes?: number | undefined
}

const lineBreak = 0x0a

/**
 * Opens or creates a file of lines to go on with it. Reads it piece by piece: no more than a piece and a line is in memory,
 * however large it is. Locked until disposed.
 * @throws FileLockedError where another process appends to it.
 */
export function openAppendOnlyLines(path: string, options: AppendOnlyLinesOptions): AppendOnlyLines {
  mkdirSync(dirname(path), { recursive: true })
  const lock = lockFile(path)
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'a+', options.mode)
    const { whole, size } = readLines(descriptor, options)
    if (whole < size) ftruncateSync(descriptor, whole)
    return appendTo(descriptor, { whole, tornBytes: size - whole, lock })
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor)
    lock[Symbol.dispose]()
    throw error
  }
}

/** @returns bytes up to the end of the last whole line, and of the file. */
function readLines(
  descriptor: number,
  { onLine, chunkBytes = 2 ** 20 }: AppendOnlyLinesOptions,
): { whole: number; size: number } {
  const chunk = Buffer.alloc(chunkBytes)
  let begun: Buffer[] = []
  let [whole, size, number] = [0, 0, 0]
  for (;;) {
    const length = readSync(descriptor, chunk, 0, chunkBytes, size)
    if (length === 0) return { whole, size }
    let start = 0
    for (
      let end = chunk.indexOf(lineBreak);
      end >= 0 && end < length;
      end = chunk.indexOf(lineBreak, start)
    ) {
      const rest = chunk.subarray(start, end)
      onLine((begun.length === 0 ? rest : Buffer.concat([...begun, rest])).toString('utf8'), ++number)
      begun = []
      start = end + 1
      whole = size + start
    }
    if (start < length) begun.push(Buffer.from(chunk.subarray(start, length)))
    size += length
  }
}

function appendTo(
  descriptor: number,
  { whole, tornBytes, lock }: { whole: number; tornBytes: number; lock: Disposable },
): AppendOnlyLines {
  let end = whole
  return {
    tornBytes,
    append(line) {
      const bytes = Buffer.from(`${line}\n`)
      try {
        let written = 0
        while (written < bytes.length) written += writeSync(descriptor, bytes, written)
      } catch (error) {
        // A full disk took a part of it: without it the next line would go on in its middle.
        ftruncateSync(descriptor, end)
        throw error
      }
      end += bytes.length
    },
    [Symbol.dispose]() {
      try {
        fsyncSync(descriptor)
        closeSync(descriptor)
      } finally {
        lock[Symbol.dispose]()
      }
    },
  }
}
