import { RecordError } from '../errors/record-error.ts'

/**
 * Decodes UTF-8 strictly, chunk by chunk; a leading byte-order mark is dropped, nothing else is altered.
 *
 * @throws RecordError (`record-unparsable`) naming the line that holds bytes which are not UTF-8.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array | string>,
  source: string | undefined,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let first = true
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue
    let text: string
    if (typeof chunk === 'string') {
      text = first && chunk.startsWith('\uFEFF') ? chunk.slice(1) : chunk
    } else {
      try {
        text = decoder.decode(chunk, { stream: true })
      } catch (cause) {
        const utf16 = first && chunk.length > 1 && (chunk[0] ?? 0) + (chunk[1] ?? 0) === 0xff + 0xfe
        throw notUtf8(source, utf16 ? 1 : line + linesBeforeFault(chunk), utf16, cause)
      }
    }
    first = false
    if (text === '') continue
    line += countNewlines(text)
    yield text
  }
  try {
    decoder.decode()
  } catch (cause) {
    throw notUtf8(source, line, false, cause)
  }
}

export function countNewlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

function linesBeforeFault(chunk: Uint8Array): number {
  // A chunk may begin inside a character whose first bytes came with the chunk before.
  let start = 0
  while (start < 3 && ((chunk[start] ?? 0) & 0xc0) === 0x80) start++
  for (let lines = 0; ; lines++) {
    const newline = chunk.indexOf(0x0a, start)
    try {
      const piece = chunk.subarray(start, newline === -1 ? chunk.length : newline)
      new TextDecoder('utf-8', { fatal: true }).decode(piece, { stream: newline === -1 })
    } catch {
      return lines
    }
    // Every whole line is sound: the fault is in the bytes that continue the chunk before.
    if (newline === -1) return 0
    start = newline + 1
  }
}

function notUtf8(source: string | undefined, line: number, utf16: boolean, cause: unknown): RecordError {
  return new RecordError({
    code: 'record-unparsable',
    place: { source, line },
    problem: utf16 ? 'the text is UTF-16.' : 'the bytes of this line are not UTF-8.',
    remedy: 'Save the file as UTF-8.',
    cause,
  })
}
