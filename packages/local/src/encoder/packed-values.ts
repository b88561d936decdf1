import { EncoderStateError } from '../errors/encoder-state-error.ts'

/** Whole numbers from 0 to 15, two to a byte, the first in the low half; base64. */
export function packNibbles(values: Uint8Array): string {
  const bytes = new Uint8Array(Math.ceil(values.length / 2))
  for (const [index, value] of values.entries())
    bytes[index >> 1] = (bytes[index >> 1] as number) | (value << (4 * (index & 1)))
  return Buffer.from(bytes).toString('base64')
}

/** @throws EncoderStateError when other than `length` numbers are packed. */
export function unpackNibbles(packed: string, length: number, field: string): Uint8Array {
  const bytes = unpackBytes(packed, Math.ceil(length / 2), field)
  return Uint8Array.from({ length }, (_, index) => ((bytes[index >> 1] as number) >> (4 * (index & 1))) & 15)
}

/** 32-bit floats, little endian; base64. */
export function packFloats(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}

/** @throws EncoderStateError when other than `length` numbers are packed, or one is not finite. */
export function unpackFloats(packed: string, length: number, field: string): Float32Array {
  const bytes = unpackBytes(packed, length * 4, field)
  const values = Float32Array.from({ length }, (_, index) => bytes.readFloatLE(index * 4))
  if (!values.every((value) => Number.isFinite(value)))
    throw new EncoderStateError(`has a number in ${field} that is not finite`)
  return values
}

function unpackBytes(packed: string, length: number, field: string): Buffer {
  const bytes = Buffer.from(packed, 'base64')
  if (bytes.length !== length)
    throw new EncoderStateError(`holds ${bytes.length} bytes in ${field} where ${length} belong`)
  return bytes
}
