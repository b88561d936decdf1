import { type Code, f64x2, i32, local, v128 } from './wasm-assembler.ts'

/** Adds to a pointer. */
export function advance(pointer: number, by: Code): Code {
  return [...local.get(pointer), ...by, ...i32.add, ...local.set(pointer)]
}

/** Leaves the counter less one on the stack. */
export function countDown(counter: number): Code {
  return [...local.get(counter), ...i32.const(1), ...i32.sub, ...local.tee(counter)]
}

/** Leaves factor · other + addend on the stack. */
export function multiplyAdd(fused: boolean, factor: Code, other: Code, addend: Code): Code {
  return fused
    ? [...factor, ...other, ...addend, ...f64x2.relaxedMadd]
    : [...addend, ...factor, ...other, ...f64x2.mul, ...f64x2.add]
}

/** f64x2.sub, which the assembler does without. */
export const subtract: Code = [0xfd, 0xf1, 0x01]

/** A tile of a product in registers: each row is two vectors, in locals one behind the other. */
export interface Tile {
  readonly rows: number
  /** The first row's first vector. */
  readonly first: number
}

/** Takes a tile from where `pointer` says, which ends up after its last row. */
export function loadTile({ rows, first }: Tile, pointer: number, rowStride: number): Code[] {
  return Array.from({ length: rows }, (_, row) => [
    ...[0, 1].flatMap((half) => [
      ...local.get(pointer),
      ...v128.load(16 * half),
      ...local.set(first + 2 * row + half),
    ]),
    ...advance(pointer, local.get(rowStride)),
  ])
}

/** Writes a tile to where `pointer` says, which ends up after its last row. */
export function storeTile({ rows, first }: Tile, pointer: number, rowStride: number): Code[] {
  return Array.from({ length: rows }, (_, row) => [
    ...[0, 1].flatMap((half) => [
      ...local.get(pointer),
      ...local.get(first + 2 * row + half),
      ...v128.store(16 * half),
    ]),
    ...advance(pointer, local.get(rowStride)),
  ])
}
