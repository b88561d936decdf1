import { RecordError, type RecordPlace } from '../errors/record-error.ts'
import type { RawRow } from './raw-row.ts'

/** One JSON value a line; blank lines are passed over, the last line may lack its newline. */
export async function* jsonLinesRows(
  texts: AsyncIterable<string>,
  source: string | undefined,
): AsyncGenerator<RawRow> {
  let line = 0
  let row = 0
  let pending: string[] = []
  const rowOf = (text: string): RawRow | undefined => {
    line++
    if (text.trim() === '') return undefined
    return parseJsonRow(text, { source, line, row: ++row })
  }
  for await (const text of texts) {
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      pending.push(text.slice(start, end))
      const parsed = rowOf(pending.join(''))
      if (parsed !== undefined) yield parsed
      pending = []
      start = end + 1
    }
    pending.push(text.slice(start))
  }
  const parsed = rowOf(pending.join(''))
  if (parsed !== undefined) yield parsed
}

export function parseJsonRow(text: string, place: RecordPlace): RawRow {
  try {
    return { place, value: JSON.parse(text) as unknown }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const problem = new RecordError({
      code: 'record-unparsable',
      place,
      problem: `this is not valid JSON (${reason}).`,
      remedy: 'Correct it, or leave it out.',
      cause,
    })
    return { place, problem }
  }
}
