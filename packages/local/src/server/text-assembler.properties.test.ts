import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextAssembler } from './text-assembler.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)

/** The text in pieces of the given lengths in bytes, cut wherever that falls, also inside characters. */
function assemble(
  value: string,
  lengths: readonly number[],
  stops: readonly string[],
  spacesBefore = 0,
): { text: string; parts: string[] } {
  const assembler = new TextAssembler(stops, spacesBefore)
  const parts: string[] = []
  let rest = bytes(value)
  for (const length of lengths) {
    parts.push(assembler.push(rest.slice(0, length)))
    rest = rest.slice(length)
  }
  parts.push(assembler.push(rest), assembler.end())
  return { text: parts.join(''), parts }
}

test('however the bytes are cut, the text is whole, and no part holds half a character', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(5)), (value, lengths) => {
      const assembled = assemble(value, lengths, [])
      expect(assembled.text).toBe(value)
      for (const part of assembled.parts) expect(value).toContain(part)
    }),
  )
})

test('however the bytes are cut, the text ends before the first stop string', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 30 })
  const stop = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(letters, fc.array(fc.nat(3)), stop, (value, lengths, cut) => {
      const at = value.indexOf(cut)
      expect(assemble(value, lengths, [cut]).text).toBe(at < 0 ? value : value.slice(0, at))
    }),
  )
})

test('however the bytes are cut, so many spaces at the very beginning are left out, and no others', () => {
  const spaced = fc.string({ unit: fc.constantFrom(' ', 'a', 'é'), maxLength: 12 })
  fc.assert(
    fc.property(spaced, fc.array(fc.nat(3)), fc.nat(3), (value, lengths, spacesBefore) => {
      const there = /^ */.exec(value)?.[0].length ?? 0
      const expected = value.slice(Math.min(there, spacesBefore))
      expect(assemble(value, lengths, [], spacesBefore).text).toBe(expected)
    }),
  )
})
