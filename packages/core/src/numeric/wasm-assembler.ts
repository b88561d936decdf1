/**
 * Just enough of the WebAssembly binary format (core specification 2.0 section 5, relaxed SIMD proposal) to write the
 * numeric kernels at load. An instruction is its bytes; a body is a list of them.
 */
export type Code = readonly number[]

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? byte : byte | 0x80)
  } while (rest !== 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}

export const i32: {
  readonly const: (value: number) => Code
  readonly add: Code
  readonly sub: Code
  readonly mul: Code
  readonly and: Code
  readonly shl: Code
  readonly shrUnsigned: Code
  readonly load: (offset: number) => Code
  readonly store: (offset: number) => Code
} = {
  const: (value) => [0x41, ...signed(value)],
  add: [0x6a],
  sub: [0x6b],
  mul: [0x6c],
  and: [0x71],
  shl: [0x74],
  shrUnsigned: [0x76],
  load: (offset) => [0x28, 2, ...unsigned(offset)],
  store: (offset) => [0x36, 2, ...unsigned(offset)],
}

export const local: { readonly [Operation in 'get' | 'set' | 'tee']: (index: number) => Code } = {
  get: (index) => [0x20, ...unsigned(index)],
  set: (index) => [0x21, ...unsigned(index)],
  tee: (index) => [0x22, ...unsigned(index)],
}

/** Runs `body` where the i32 on the stack is not zero. */
export function when(body: readonly Code[]): Code {
  return [0x04, 0x40, ...body.flat(), 0x0b]
}

/** Runs `body`, which leaves an i32 on the stack, again while that is not zero: at least once. */
export function repeatWhile(body: readonly Code[]): Code {
  return [0x03, 0x40, ...body.flat(), 0x0d, 0x00, 0x0b]
}

function simd(opcode: number): Code {
  return [0xfd, ...unsigned(opcode)]
}

/** `alignment` is the exponent of 2 that the format asks for: a hint, never a condition. */
function memory(opcode: number, alignment: number): (offset: number) => Code {
  return (offset) => [...simd(opcode), alignment, ...unsigned(offset)]
}

export const v128: {
  readonly load: (offset: number) => Code
  readonly store: (offset: number) => Code
  readonly load32Splat: (offset: number) => Code
  readonly load64Splat: (offset: number) => Code
  /** The same float64 in both lanes. */
  readonly constFloat64: (value: number) => Code
  readonly constInt32: (values: readonly number[]) => Code
  readonly and: Code
  readonly andnot: Code
  /** Of the first where a bit of the third is set, else of the second. */
  readonly bitselect: Code
  /** Sixteen bytes of the two vectors on the stack, by place: 0 to 15 of the first, 16 to 31 of the second. */
  readonly shuffle: (places: readonly number[]) => Code
} = {
  load: memory(0x00, 4),
  store: memory(0x0b, 4),
  load32Splat: memory(0x09, 2),
  load64Splat: memory(0x0a, 3),
  constFloat64: (value) => {
    const bytes = [...new Uint8Array(Float64Array.of(value).buffer)]
    return [...simd(0x0c), ...bytes, ...bytes]
  },
  constInt32: (values) => [...simd(0x0c), ...new Uint8Array(Int32Array.from(values).buffer)],
  and: simd(0x4e),
  andnot: simd(0x4f),
  bitselect: simd(0x52),
  shuffle: (places) => [...simd(0x0d), ...places],
}

export const f32x4: {
  readonly [Operation in 'add' | 'sub' | 'mul' | 'abs' | 'lt' | 'relaxedMadd' | 'fromInt32']: Code
} = {
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  abs: simd(0xe0),
  lt: simd(0x43),
  fromInt32: simd(0xfa),
  relaxedMadd: simd(0x105),
}

export const f64x2: {
  readonly [Operation in 'add' | 'mul' | 'max' | 'min' | 'lt' | 'nearest' | 'relaxedMadd']: Code
} = {
  add: simd(0xf0),
  mul: simd(0xf2),
  min: simd(0xf4),
  max: simd(0xf5),
  lt: simd(0x49),
  nearest: simd(0x94),
  relaxedMadd: simd(0x107),
}

export const i32x4: {
  readonly [Operation in 'splat' | 'add' | 'sub' | 'shl' | 'lt' | 'bitmask' | 'dotInt16' | 'narrow']: Code
} & { readonly extractLane: (lane: number) => Code } = {
  splat: simd(0x11),
  extractLane: (lane) => [...simd(0x1b), lane],
  add: simd(0xae),
  sub: simd(0xb1),
  shl: simd(0xab),
  lt: simd(0x39),
  /** The signs of the four lanes. */
  bitmask: simd(0xa4),
  /** Products of eight pairs of int16, neighbours added. */
  dotInt16: simd(0xba),
  /** Eight int32 to int16. */
  narrow: simd(0x85),
}

export const i64x2: { readonly [Operation in 'add' | 'shl']: Code } = { shl: simd(0xcb), add: simd(0xce) }

export interface WasmFunction {
  readonly name: string
  /** All i32; locals 0, 1, … */
  readonly parameters: number
  /** i32 locals after the parameters. */
  readonly integers: number
  /** v128 locals after those. */
  readonly vectors: number
  readonly body: readonly Code[]
}

/** "\0asm", version 1. */
const header: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** A module that exports `functions` (no results) and imports the memory they work on as `kernel.memory`, shared by threads or not. */
export function assemble(functions: readonly WasmFunction[], shared = false): Uint8Array<ArrayBuffer> {
  const limits = shared ? [0x03, 0, ...unsigned(65_536)] : [0x00, 0]
  const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()]
  const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content]
  const text = (value: string): number[] => vector([...new TextEncoder().encode(value)].map((byte) => [byte]))
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(Array.from({ length: parameters }, () => [0x7f])),
    0x00,
  ])
  const exports = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)])
  const bodies = functions.map(({ integers, vectors, body }) => {
    const locals = vector([
      [...unsigned(integers), 0x7f],
      [...unsigned(vectors), 0x7b],
    ])
    const content = [...locals, ...body.flat(), 0x0b]
    return [...unsigned(content.length), ...content]
  })
  return Uint8Array.from([
    ...header,
    ...section(1, vector(types)),
    ...section(2, vector([[...text('kernel'), ...text('memory'), 0x02, ...limits]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exports)),
    ...section(10, vector(bodies)),
  ])
}
