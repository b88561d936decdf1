import { RecordError } from '../errors/record-error.ts'
import { parseJsonRow } from './json-lines-rows.ts'
import type { RawRow } from './raw-row.ts'

const quote = 0x22
const backslash = 0x5c
const newline = 0x0a

/**
 * The elements of one JSON array, each parsed as soon as its text is complete, so that memory holds one
 * element and not the file.
 */
export async function* jsonArrayRows(
  texts: AsyncIterable<string>,
  source: string | undefined,
): AsyncGenerator<RawRow> {
  let state: 'before' | 'inside' | 'after' = 'before'
  let depth = 0
  let inString = false
  let escaped = false
  let line = 1
  let row = 0
  let elementLine = 0
  let pending: string[] = []
  let separated = false

  const fault = (problem: string, remedy: string): RecordError =>
    new RecordError({ code: 'record-unparsable', place: { source, line }, problem, remedy })

  for await (const text of texts) {
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === newline) line++
      if (inString) {
        if (escaped) escaped = false
        else if (code === backslash) escaped = true
        else if (code === quote) inString = false
        continue
      }
      if (code === 0x20 || code === newline || code === 0x0d || code === 0x09) continue
      const character = text[at]
      if (state === 'before') {
        if (character !== '[') {
          throw fault(
            'a JSON file of records must hold one array; found something else.',
            character === '{'
              ? 'For one object a line, name the file .jsonl or pass format "jsonl".'
              : 'Write [ {"id": …, "input": …, "output": …}, … ].',
          )
        }
        state = 'inside'
        start = at + 1
        continue
      }
      if (state === 'after') throw fault('text follows the end of the array.', 'Keep one array per file.')
      const closes = depth === 0 && character === ']'
      if (closes || (depth === 0 && character === ',')) {
        pending.push(text.slice(start, at))
        const element = pending.join('')
        pending = []
        start = at + 1
        if (elementLine > 0) yield parseJsonRow(element, { source, line: elementLine, row: ++row })
        else if (!closes || separated) {
          throw fault('an element of the array is missing here.', 'Remove the extra comma.')
        }
        elementLine = 0
        separated = !closes
        if (closes) state = 'after'
        continue
      }
      if (elementLine === 0) elementLine = line
      if (code === quote) inString = true
      else if (character === '{' || character === '[') depth++
      else if (character === '}' || character === ']') depth--
    }
    if (state === 'inside') pending.push(text.slice(start))
  }
  if (state === 'inside') {
    throw fault('the array is cut off before its end.', 'Write the file again; it was probably interrupted.')
  }
}
