import { type Code, f64x2, i32, local, repeatWhile, v128, type WasmFunction } from './wasm-assembler.ts'
import { advance, countDown, multiplyAdd, subtract } from './wasm-steps.ts'

/** Columns of a panel that `gram` multiplies: two register tiles of 6 rows high, three of 4 columns wide. */
export const gramPanel = 12

const bytes = 8
const tileRows = 6
const pairsOfPanel = [0, 2, 4, 6, 8, 10]

/** Instructions that the assembler does without. */
const promoteLow: Code = [0xfd, 0x5f]
const load64Zero = (offset: number): Code => [0xfd, 0x5d, 0x03, offset]

/** Leaves two values of a row as float64 on the stack: those at the address in `pointer` and `index` values further. */
function loadPair(single: boolean, pointer: number, index: number): Code {
  const at = local.get(pointer)
  return single ? [...at, ...load64Zero(4 * index), ...promoteLow] : [...at, ...v128.load(bytes * index)]
}

/**
 * `addRow32` / `addRow64` (panels, source, sums): adds a row of 12 values a panel, float32 or float64, to the float64 at `sums`.
 */
export function addRowFunction(single: boolean): WasmFunction {
  const [panels, source, sums] = [0, 1, 2]
  return {
    name: single ? 'addRow32' : 'addRow64',
    parameters: 3,
    integers: 0,
    vectors: 0,
    body: [
      repeatWhile([
        ...pairsOfPanel.flatMap((index) => [
          [...local.get(sums), ...local.get(sums), ...v128.load(bytes * index)],
          [...loadPair(single, source, index), ...f64x2.add, ...v128.store(bytes * index)],
        ]),
        advance(source, i32.const(gramPanel * (single ? 4 : bytes))),
        advance(sums, i32.const(gramPanel * bytes)),
        countDown(panels),
      ]),
    ],
  }
}

/**
 * `packRow32` / `packRow64` (panels, source, shift, target, panelBytes): a row of 12 values a panel, float32 or float64, less those at
 * `shift`, into the float64 at `target`, from where the next panel's lie `panelBytes` further.
 */
export function packRowFunction(single: boolean): WasmFunction {
  const [panels, source, shift, target, panelBytes] = [0, 1, 2, 3, 4]
  return {
    name: single ? 'packRow32' : 'packRow64',
    parameters: 5,
    integers: 0,
    vectors: 0,
    body: [
      repeatWhile([
        ...pairsOfPanel.flatMap((index) => [
          [...local.get(target), ...loadPair(single, source, index)],
          [...local.get(shift), ...v128.load(bytes * index), ...subtract, ...v128.store(bytes * index)],
        ]),
        advance(source, i32.const(gramPanel * (single ? 4 : bytes))),
        advance(shift, i32.const(gramPanel * bytes)),
        advance(target, local.get(panelBytes)),
        countDown(panels),
      ]),
    ],
  }
}

/**
 * `gram` (panels, depth, a, b, c, rowStride): C += Aᵀ B for `panels` panels of A (depth x 12 each, one after the other) and one
 * of B, all at byte addresses; C has 12 columns, 12 rows a panel and `rowStride` bytes between rows. Counts are at least 1.
 */
export function gramFunction(fused: boolean): WasmFunction {
  const [panels, depth, a, b, c, rowStride] = [0, 1, 2, 3, 4, 5]
  const [aAt, bAt, cAt, left, third, half, bTile, aTile] = [6, 7, 8, 9, 10, 11, 12, 13]
  const accumulator = (row: number, side: number) => 14 + 2 * row + side
  const [b0, b1, aValue] = [14 + 2 * tileRows, 15 + 2 * tileRows, 16 + 2 * tileRows]
  const rows = Array.from({ length: tileRows }, (_, row) => row)
  const onto = (target: number, factor: number): Code => [
    ...multiplyAdd(fused, local.get(aValue), local.get(factor), local.get(target)),
    ...local.set(target),
  ]
  const tile: Code[] = [
    ...rows.flatMap((row) => [
      [...local.get(cAt), ...v128.load(0), ...local.set(accumulator(row, 0))],
      [...local.get(cAt), ...v128.load(16), ...local.set(accumulator(row, 1))],
      advance(cAt, local.get(rowStride)),
    ]),
    [...local.get(aTile), ...local.set(aAt), ...local.get(bTile), ...local.set(bAt)],
    [...local.get(depth), ...local.set(left)],
    repeatWhile([
      [...local.get(bAt), ...v128.load(0), ...local.set(b0)],
      [...local.get(bAt), ...v128.load(16), ...local.set(b1)],
      ...rows.flatMap((row) => [
        [...local.get(aAt), ...v128.load64Splat(row * bytes), ...local.set(aValue)],
        onto(accumulator(row, 0), b0),
        onto(accumulator(row, 1), b1),
      ]),
      advance(aAt, i32.const(gramPanel * bytes)),
      advance(bAt, i32.const(gramPanel * bytes)),
      countDown(left),
    ]),
    advance(cAt, [...local.get(rowStride), ...i32.const(-tileRows), ...i32.mul]),
    ...rows.flatMap((row) => [
      [...local.get(cAt), ...local.get(accumulator(row, 0)), ...v128.store(0)],
      [...local.get(cAt), ...local.get(accumulator(row, 1)), ...v128.store(16)],
      advance(cAt, local.get(rowStride)),
    ]),
    advance(aTile, i32.const(tileRows * bytes)),
    countDown(half),
  ]
  const twelveRows = [...local.get(rowStride), ...i32.const(gramPanel), ...i32.mul]
  return {
    name: 'gram',
    parameters: 6,
    integers: 8,
    vectors: 2 * tileRows + 3,
    body: [
      repeatWhile([
        [...local.get(b), ...local.set(bTile), ...local.get(c), ...local.set(cAt)],
        [...i32.const(3), ...local.set(third)],
        repeatWhile([
          [...local.get(a), ...local.set(aTile), ...i32.const(2), ...local.set(half)],
          repeatWhile(tile),
          [...local.get(cAt), ...i32.const(32), ...i32.add, ...twelveRows, ...i32.sub, ...local.set(cAt)],
          advance(bTile, i32.const(32)),
          countDown(third),
        ]),
        advance(a, [...local.get(depth), ...i32.const(gramPanel * bytes), ...i32.mul]),
        advance(c, twelveRows),
        countDown(panels),
      ]),
    ],
  }
}
