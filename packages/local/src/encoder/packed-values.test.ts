import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packFloats, packNibbles, unpackFloats, unpackNibbles } from './packed-values.ts'

test('whole numbers up to 15 come back, an odd count of them as well', () => {
  fc.assert(
    fc.property(fc.uint8Array({ max: 15, maxLength: 33 }), (values) => {
      expect(unpackNibbles(packNibbles(values), values.length, 'levels')).toEqual(values)
    }),
  )
})

test('floats come back', () => {
  fc.assert(
    fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true }), (values) => {
      expect(unpackFloats(packFloats(values), values.length, 'mean')).toEqual(values)
    }),
  )
})

test('another count, or a number that is none, is refused with the field', () => {
  expect(() => unpackNibbles(packNibbles(new Uint8Array(4)), 6, 'levels')).toThrow(
    '2 bytes in levels where 3',
  )
  expect(() => unpackFloats(packFloats(new Float32Array(2)), 3, 'mean')).toThrow('8 bytes in mean where 12')
  expect(() => unpackFloats(packFloats(Float32Array.of(Infinity)), 1, 'mean')).toThrow(
    'mean that is not finite',
  )
})
