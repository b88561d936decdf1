/** A value of a GGUF file's metadata with its type there. */
export type GgufValue =
  | ['string', string]
  | ['uint32', number]
  | ['float32', number]
  | ['bool', boolean]
  | ['strings', readonly string[]]
  | ['int32s', readonly number[]]
  | ['float32s', readonly number[]]

/** The bytes of a GGUF file, version 3, little endian: github.com/ggml-org/ggml/blob/master/docs/gguf.md. */
export function encodeGguf(
  metadata: readonly [string, GgufValue][],
  tensors: readonly [string, readonly number[], Float32Array][],
): Buffer {
  const parts: Buffer[] = []
  const uint32 = (value: number): void => {
    const part = Buffer.alloc(4)
    part.writeUInt32LE(value)
    parts.push(part)
  }
  const uint64 = (value: number): void => {
    const part = Buffer.alloc(8)
    part.writeBigUInt64LE(BigInt(value))
    parts.push(part)
  }
  const string = (value: string): void => {
    const bytes = Buffer.from(value, 'utf8')
    uint64(bytes.length)
    parts.push(bytes)
  }
  parts.push(Buffer.from('GGUF'))
  uint32(3)
  uint64(tensors.length)
  uint64(metadata.length)
  for (const [key, [kind, value]] of metadata) {
    string(key)
    if (kind === 'string') {
      uint32(8)
      string(value)
    } else if (kind === 'uint32') {
      uint32(4)
      uint32(value)
    } else if (kind === 'float32') {
      uint32(6)
      parts.push(Buffer.from(Float32Array.of(value).buffer))
    } else if (kind === 'bool') {
      uint32(7)
      parts.push(Buffer.of(value ? 1 : 0))
    } else if (kind === 'strings') {
      uint32(9)
      uint32(8)
      uint64(value.length)
      for (const item of value) string(item)
    } else if (kind === 'int32s') {
      uint32(9)
      uint32(5)
      uint64(value.length)
      parts.push(Buffer.from(Int32Array.from(value).buffer))
    } else {
      uint32(9)
      uint32(6)
      uint64(value.length)
      parts.push(Buffer.from(Float32Array.from(value).buffer))
    }
  }
  let offset = 0
  for (const [name, shape, values] of tensors) {
    string(name)
    uint32(shape.length)
    for (const length of shape) uint64(length)
    uint32(0)
    uint64(offset)
    offset += Math.ceil(values.byteLength / 32) * 32
  }
  const header = parts.reduce((sum, part) => sum + part.length, 0)
  parts.push(Buffer.alloc((32 - (header % 32)) % 32))
  for (const [, , values] of tensors) {
    parts.push(Buffer.from(values.buffer), Buffer.alloc((32 - (values.byteLength % 32)) % 32))
  }
  return Buffer.concat(parts)
}
