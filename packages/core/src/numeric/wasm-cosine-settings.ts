import { type Code, i32, i32x4, v128 } from './wasm-assembler.ts'

/** Rows of a panel: pairs of int16 of eight rows stand side by side. */
export const panelRows = 8
/** Values of a row that are packed, or multiplied in float32, at a time; rows are padded to it. */
export const rowStep = 16
/** Rows and columns of a block of products. */
export const blockRows = 512
/** Counters of one bin, one a lane, so that none waits for another. */
export const countersOfBin = 4
/** Bytes before the addresses of a list of open products: how many there are, and room for sums. */
export const openHeader = 32

/** Where the settings stand, in bytes from 0 on. */
export const settings = {
  scale: 0,
  shift: 4,
  limit: 8,
  half: 12,
  closeLimit: 16,
  discard: 20,
  one: 24,
} as const
export const settingsBytes = 32

/** The bits of the float32 1.5 · 2²³: added to one of small size, it leaves the nearest integer in the low bits. */
export const magicBits = 0x4b40_0000

/** A setting in all four lanes, on the stack. */
export const setting = (name: keyof typeof settings): Code => [
  ...i32.const(0),
  ...v128.load32Splat(settings[name]),
]
/** An int32 in all four lanes, on the stack. */
export const constant = (value: number): Code => [...i32.const(value), ...i32x4.splat]
