/** Little-endian float32 bytes as base64: 5.3 characters a value, on every platform the same. */
export function encodeFloat32(values: ArrayLike<number>): string {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < values.length; index += 1)
    view.setFloat32(index * 4, values[index] as number, true)
  let text = ''
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  }
  return btoa(text)
}

/** The values, or undefined where the text is no base64 of exactly `length` values or holds NaN. −Infinity passes. */
export function decodeFloat32(text: string, length: number): Float64Array | undefined {
  let decoded: string
  try {
    decoded = atob(text)
  } catch {
    return undefined
  }
  if (decoded.length !== length * 4) return undefined
  const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  const values = Float64Array.from({ length }, (_, index) => view.getFloat32(index * 4, true))
  return values.some((value) => Number.isNaN(value) || value === Infinity) ? undefined : values
}
