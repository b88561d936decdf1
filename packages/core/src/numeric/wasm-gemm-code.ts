import {
  type Code,
  f32x4,
  f64x2,
  i32,
  local,
  repeatWhile,
  v128,
  type WasmFunction,
} from './wasm-assembler.ts'
import { advance, countDown, loadTile, storeTile } from './wasm-steps.ts'

/** Rows of the register tile: 6 x 2 vectors of accumulators leave room for two of B and one of A in 16 registers. */
export const tileRows = 6

/** What the product computes in. */
interface Arithmetic {
  readonly name: string
  /** Of one element. */
  readonly bytes: number
  readonly splat: (offset: number) => Code
  /** target += factor · other, all of them locals. */
  readonly multiplyAdd: (target: number, factor: number, other: number) => Code
}

function floats(name: string, fused: boolean): Arithmetic {
  const double = name === 'gemmFloat64'
  const { relaxedMadd, mul, add } = double ? f64x2 : f32x4
  const [bytes, splat] = double ? [8, v128.load64Splat] : [4, v128.load32Splat]
  const multiplyAdd = (target: number, factor: number, other: number): Code => {
    const factors = [...local.get(factor), ...local.get(other)]
    return fused
      ? [...factors, ...local.get(target), ...relaxedMadd, ...local.set(target)]
      : [...local.get(target), ...factors, ...mul, ...add, ...local.set(target)]
  }
  return { name, bytes, splat, multiplyAdd }
}

/**
 * `gemmFloat64`, `gemmFloat32` (rowPanels, columnPanels, k, a, b, c, rowStride): adds A · B to C. A lies in panels of 6 rows (k x 6
 * elements each), B in panels of two vectors of columns (k x 4 float64 or k x 8 float32), all at byte addresses; C is row-major with
 * `rowStride` bytes between rows. Counts are at least 1.
 */
export function gemmFunctions(fused: boolean): readonly WasmFunction[] {
  return [floats('gemmFloat64', fused), floats('gemmFloat32', fused)].map(gemmFunction)
}

function gemmFunction({ name, bytes, splat, multiplyAdd }: Arithmetic): WasmFunction {
  const [rowPanels, columnPanels, k, a, b, c, rowStride] = [0, 1, 2, 3, 4, 5, 6]
  const [aAt, bAt, cRow, left, rowsLeft, cPanel, bPanel, cLoad] = [7, 8, 9, 10, 11, 12, 13, 14]
  const sums = { rows: tileRows, first: 15 }
  const accumulator = (row: number, half: number) => sums.first + 2 * row + half
  const [b0, b1, aValue] = [15 + 2 * tileRows, 16 + 2 * tileRows, 17 + 2 * tileRows]
  const rows = Array.from({ length: tileRows }, (_, row) => row)
  const inner = repeatWhile([
    [...local.get(bAt), ...v128.load(0), ...local.set(b0)],
    [...local.get(bAt), ...v128.load(16), ...local.set(b1)],
    ...rows.flatMap((row) => [
      [...local.get(aAt), ...splat(row * bytes), ...local.set(aValue)],
      multiplyAdd(accumulator(row, 0), aValue, b0),
      multiplyAdd(accumulator(row, 1), aValue, b1),
    ]),
    advance(aAt, i32.const(tileRows * bytes)),
    advance(bAt, i32.const(32)),
    countDown(left),
  ])
  const tile: Code[] = [
    [...local.get(cRow), ...local.set(cLoad)],
    ...loadTile(sums, cLoad, rowStride),
    [...local.get(bPanel), ...local.set(bAt)],
    [...local.get(k), ...local.set(left)],
    inner,
    ...storeTile(sums, cRow, rowStride),
    countDown(rowsLeft),
  ]
  return {
    name,
    parameters: 7,
    integers: 8,
    vectors: 2 * tileRows + 3,
    body: [
      [...local.get(b), ...local.set(bPanel)],
      [...local.get(c), ...local.set(cPanel)],
      repeatWhile([
        [...local.get(a), ...local.set(aAt)],
        [...local.get(cPanel), ...local.set(cRow)],
        [...local.get(rowPanels), ...local.set(rowsLeft)],
        repeatWhile(tile),
        advance(bPanel, [...local.get(k), ...i32.const(32), ...i32.mul]),
        advance(cPanel, i32.const(32)),
        countDown(columnPanels),
      ]),
    ],
  }
}
