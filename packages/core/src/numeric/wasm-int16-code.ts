import {
  type Code,
  f32x4,
  i32,
  i32x4,
  local,
  repeatWhile,
  v128,
  type WasmFunction,
} from './wasm-assembler.ts'
import { constant, magicBits, panelRows, setting } from './wasm-cosine-settings.ts'
import { advance, countDown, loadTile, storeTile } from './wasm-steps.ts'

/** Rows of the register tile: half a panel. */
const tileRows = 4

const bytesOf = (places: readonly number[]): Code =>
  v128.shuffle(places.flatMap((place) => [4 * place, 4 * place + 1, 4 * place + 2, 4 * place + 3]))
/** Of two vectors of int32 the low or the high halves, one by one in turn, or two by two. */
const [lowAlternating, highAlternating] = [bytesOf([0, 4, 1, 5]), bytesOf([2, 6, 3, 7])]
const [lowPairs, highPairs] = [bytesOf([0, 1, 4, 5]), bytesOf([2, 3, 6, 7])]

/**
 * `packInt16` (panels, steps, source, rowBytes, target, squares): the first 8 · steps float32 of rows from `source` on, `rowBytes` apart, times
 * `one` and rounded to int16, in panels of 8 rows at `target`. Adds the squares of what rounding took away to the four float32 of each row
 * at `squares`.
 */
export function packFunction(): WasmFunction {
  const [panels, steps, source, rowBytes, target, squares] = [0, 1, 2, 3, 4, 5]
  const [at, left, group, line, out, sumAt] = [6, 7, 8, 9, 10, 11]
  const [one, shift, x, nearest, sum] = [12, 13, 14, 15, 16]
  const packed = (row: number): number => 17 + row
  const alternating = (index: number): number => 21 + index
  const rows = Array.from({ length: tileRows }, (_, row) => row)
  // Leaves four values at `line`, rounded, on the stack as int32.
  const rounded = (offset: number): Code[] => [
    [...local.get(line), ...v128.load(offset), ...local.get(one), ...f32x4.mul, ...local.tee(x)],
    [...local.get(shift), ...f32x4.add, ...local.tee(nearest)],
    // What rounding took away, squared.
    [
      ...local.get(x),
      ...local.get(nearest),
      ...local.get(shift),
      ...f32x4.sub,
      ...f32x4.sub,
      ...local.tee(x),
    ],
    [...local.get(x), ...f32x4.mul, ...local.get(sum), ...f32x4.add, ...local.set(sum)],
    [...local.get(shift), ...i32x4.sub],
  ]
  const take = (row: number): Code[] => [
    [...local.get(sumAt), ...v128.load(16 * row), ...local.set(sum)],
    ...rounded(0),
    ...rounded(16),
    [...i32x4.narrow, ...local.set(packed(row))],
    [...local.get(sumAt), ...local.get(sum), ...v128.store(16 * row)],
    advance(line, local.get(rowBytes)),
  ]
  const pair = (first: number, second: number, order: Code): Code => [
    ...local.get(first),
    ...local.get(second),
    ...order,
  ]
  const write: Code[] = [
    [...pair(packed(0), packed(1), lowAlternating), ...local.set(alternating(0))],
    [...pair(packed(2), packed(3), lowAlternating), ...local.set(alternating(1))],
    [...pair(packed(0), packed(1), highAlternating), ...local.set(alternating(2))],
    [...pair(packed(2), packed(3), highAlternating), ...local.set(alternating(3))],
    [...local.get(out), ...pair(alternating(0), alternating(1), lowPairs), ...v128.store(0)],
    [...local.get(out), ...pair(alternating(0), alternating(1), highPairs), ...v128.store(32)],
    [...local.get(out), ...pair(alternating(2), alternating(3), lowPairs), ...v128.store(64)],
    [...local.get(out), ...pair(alternating(2), alternating(3), highPairs), ...v128.store(96)],
  ]
  return {
    name: 'packInt16',
    parameters: 6,
    integers: 6,
    vectors: 13,
    body: [
      [...setting('one'), ...local.set(one), ...constant(magicBits), ...local.set(shift)],
      repeatWhile([
        [...local.get(source), ...local.set(at)],
        [...local.get(steps), ...local.set(left)],
        repeatWhile([
          [...local.get(at), ...local.set(line)],
          [...local.get(target), ...local.set(out)],
          [...local.get(squares), ...local.set(sumAt)],
          [...i32.const(2), ...local.set(group)],
          repeatWhile([
            ...rows.flatMap(take),
            ...write,
            advance(out, i32.const(16)),
            advance(sumAt, i32.const(16 * tileRows)),
            countDown(group),
          ]),
          advance(at, i32.const(32)),
          advance(target, i32.const(128)),
          countDown(left),
        ]),
        advance(source, [...local.get(rowBytes), ...i32.const(3), ...i32.shl]),
        advance(squares, i32.const(16 * panelRows)),
        countDown(panels),
      ]),
    ],
  }
}

/**
 * `setInt16`, `addInt16` (rowPanels, columnPanels, pairs, a, b, c, rowStride): C = A · Bᵀ in int32, or C += A · Bᵀ, of rows in panels as
 * `packInt16` writes them, `pairs` · 2 values of each; C is row-major with `rowStride` bytes between rows. Counts are at least 1.
 */
export function productFunction(name: 'setInt16' | 'addInt16'): WasmFunction {
  const [rowPanels, columnPanels, pairs, a, b, c, rowStride] = [0, 1, 2, 3, 4, 5, 6]
  const [aTile, aAt, bAt, cRow, left, tilesLeft, step, cLoad] = [7, 8, 9, 10, 11, 12, 13, 14]
  const sums = { rows: tileRows, first: 15 }
  const accumulator = (row: number, half: number): number => sums.first + 2 * row + half
  const [b0, b1, aValue] = [15 + 2 * tileRows, 16 + 2 * tileRows, 17 + 2 * tileRows]
  const rows = Array.from({ length: tileRows }, (_, row) => row)
  const panelBytes: Code = [...local.get(pairs), ...i32.const(32), ...i32.mul]
  const multiplyAdd = (target: number, other: number): Code => [
    ...local.get(aValue),
    ...local.get(other),
    ...i32x4.dotInt16,
    ...local.get(target),
    ...i32x4.add,
    ...local.set(target),
  ]
  const start: Code[] =
    name === 'setInt16'
      ? rows.flatMap((row) => [0, 1].map((half) => [...constant(0), ...local.set(accumulator(row, half))]))
      : [[...local.get(cRow), ...local.set(cLoad)], ...loadTile(sums, cLoad, rowStride)]
  const tile: Code[] = [
    ...start,
    [...local.get(aTile), ...local.set(aAt)],
    [...local.get(b), ...local.set(bAt)],
    [...local.get(pairs), ...local.set(left)],
    repeatWhile([
      [...local.get(bAt), ...v128.load(0), ...local.set(b0)],
      [...local.get(bAt), ...v128.load(16), ...local.set(b1)],
      ...rows.flatMap((row) => [
        [...local.get(aAt), ...v128.load32Splat(4 * row), ...local.set(aValue)],
        multiplyAdd(accumulator(row, 0), b0),
        multiplyAdd(accumulator(row, 1), b1),
      ]),
      advance(aAt, i32.const(32)),
      advance(bAt, i32.const(32)),
      countDown(left),
    ]),
    ...storeTile(sums, cRow, rowStride),
    // The other half of this panel, or the first of the next one.
    advance(aTile, local.get(step)),
    [...panelBytes, ...local.get(step), ...i32.sub, ...local.set(step)],
    countDown(tilesLeft),
  ]
  return {
    name,
    parameters: 7,
    integers: 8,
    vectors: 2 * tileRows + 3,
    body: [
      repeatWhile([
        [...local.get(a), ...local.set(aTile)],
        [...local.get(c), ...local.set(cRow)],
        [...i32.const(16), ...local.set(step)],
        [...local.get(rowPanels), ...i32.const(1), ...i32.shl, ...local.set(tilesLeft)],
        repeatWhile(tile),
        advance(b, panelBytes),
        advance(c, i32.const(32)),
        countDown(columnPanels),
      ]),
    ],
  }
}
