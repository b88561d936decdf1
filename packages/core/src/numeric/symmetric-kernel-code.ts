import { type Code, f64x2, i32, local, repeatWhile, v128, type WasmFunction } from './wasm-assembler.ts'

/** Columns of a panel that `gram` multiplies: two register tiles of 6 rows high, three of 4 columns wide. */
export const gramPanel = 12

/** Columns of a panel whose rows `rotate` turns: four vectors. */
export const rotatedColumns = 8

const bytes = 8
const tileRows = 6
const pairsOfPanel = [0, 2, 4, 6, 8, 10]

function advance(pointer: number, by: Code): Code {
  return [...local.get(pointer), ...by, ...i32.add, ...local.set(pointer)]
}

function countDown(counter: number): Code {
  return [...local.get(counter), ...i32.const(1), ...i32.sub, ...local.tee(counter)]
}

/** Leaves factor · other + addend on the stack. */
function multiplyAdd(fused: boolean, factor: Code, other: Code, addend: Code): Code {
  return fused
    ? [...factor, ...other, ...addend, ...f64x2.relaxedMadd]
    : [...addend, ...factor, ...other, ...f64x2.mul, ...f64x2.add]
}

/** Instructions that the assembler does without. */
const subtract: Code = [0xfd, 0xf1, 0x01]
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

/**
 * `reduce` (pairs, vectors, entries, rowStride, v, w, next, product, sums): one step of the tridiagonal reduction on `pairs` pairs of
 * rows, the first of which has `vectors` ≥ 1 pairs of columns before its 2 x 2 block on the diagonal, each further pair one more.
 * With all at byte addresses: entries += v wᵀ + w vᵀ; product[column] += entries[row, column] · next[row] before the block; and, with the
 * block, sums[row] = the two halves of Σ entries[row, column] · next[column]. `v`, `w`, `next`, `product` point at the first column,
 * `sums` at the first row's, and `firstRow` bytes further in v, w and next lie the first row's own values.
 */
export function reduceFunction(fused: boolean): WasmFunction {
  const [pairs, vectors, entries, rowStride, v, w, next, product, sums] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const [at, left, upper, lower] = [9, 10, 11, 12]
  const [v0, v1, w0, w1, n0, n1, sum0, sum1, vc, wc, nc, e0, e1] = Array.from(
    { length: 13 },
    (_, index) => 13 + index,
  ) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  /** The value of this row (or the next) in the array at `base`: rows stand where `vectors` columns have passed. */
  const own = (base: number, offset: number): Code => [
    ...local.get(vectors),
    ...i32.const(16),
    ...i32.mul,
    ...local.get(base),
    ...i32.add,
    ...v128.load64Splat(offset),
  ]
  const column = (base: number): Code => [...local.get(base), ...local.get(at), ...i32.add]
  const updated = (row: number, vr: number, wr: number, e: number): Code => [
    ...multiplyAdd(
      fused,
      local.get(vr),
      local.get(wc),
      multiplyAdd(fused, local.get(wr), local.get(vc), [...column(row), ...v128.load(0)]),
    ),
    ...local.set(e),
    ...column(row),
    ...local.get(e),
    ...v128.store(0),
  ]
  const summed = (sum: number, e: number): Code => [
    ...multiplyAdd(fused, local.get(e), local.get(nc), local.get(sum)),
    ...local.set(sum),
  ]
  const bothRows: Code[] = [
    [...column(v), ...v128.load(0), ...local.set(vc)],
    [...column(w), ...v128.load(0), ...local.set(wc)],
    [...column(next), ...v128.load(0), ...local.set(nc)],
    updated(upper, v0, w0, e0),
    updated(lower, v1, w1, e1),
    summed(sum0, e0),
    summed(sum1, e1),
  ]
  return {
    name: 'reduce',
    parameters: 9,
    integers: 4,
    vectors: 13,
    body: [
      repeatWhile([
        [...own(v, 0), ...local.set(v0), ...own(v, bytes), ...local.set(v1)],
        [...own(w, 0), ...local.set(w0), ...own(w, bytes), ...local.set(w1)],
        [...own(next, 0), ...local.set(n0), ...own(next, bytes), ...local.set(n1)],
        [...v128.constFloat64(0), ...local.tee(sum0), ...local.set(sum1)],
        [
          ...local.get(entries),
          ...local.tee(upper),
          ...local.get(rowStride),
          ...i32.add,
          ...local.set(lower),
        ],
        [...i32.const(0), ...local.set(at)],
        [...local.get(vectors), ...local.set(left)],
        repeatWhile([
          ...bothRows,
          column(product),
          multiplyAdd(
            fused,
            local.get(e1),
            local.get(n1),
            multiplyAdd(fused, local.get(e0), local.get(n0), [...column(product), ...v128.load(0)]),
          ),
          v128.store(0),
          advance(at, i32.const(16)),
          countDown(left),
        ]),
        ...bothRows,
        [...local.get(sums), ...local.get(sum0), ...v128.store(0)],
        [...local.get(sums), ...local.get(sum1), ...v128.store(16)],
        advance(sums, i32.const(32)),
        advance(vectors, i32.const(1)),
        advance(entries, [...local.get(rowStride), ...i32.const(2), ...i32.mul]),
        countDown(pairs),
      ]),
    ],
  }
}

/**
 * `rotate` (row, pairs, count): plane rotations on a panel of rows of 8, from the row at byte address `row` upwards. Each
 * takes its cosine and sine from `pairs` and maps (above, below) to (c above − s below, s above + c below).
 */
export function rotateFunction(fused: boolean): WasmFunction {
  const [row, pairs, count] = [0, 1, 2]
  const rowBytes = rotatedColumns * bytes
  const parts = Array.from({ length: rowBytes / 16 }, (_, part) => part)
  const carried = (part: number) => 3 + part
  const [cosine, sine, above] = [3 + parts.length, 4 + parts.length, 5 + parts.length]
  return {
    name: 'rotate',
    parameters: 3,
    integers: 0,
    vectors: parts.length + 3,
    body: [
      ...parts.map((part) => [...local.get(row), ...v128.load(16 * part), ...local.set(carried(part))]),
      repeatWhile([
        advance(row, i32.const(-rowBytes)),
        [...local.get(pairs), ...v128.load64Splat(0), ...local.set(cosine)],
        [...local.get(pairs), ...v128.load64Splat(bytes), ...local.set(sine)],
        ...parts.flatMap((part) => [
          [...local.get(row), ...v128.load(16 * part), ...local.set(above)],
          local.get(row),
          multiplyAdd(fused, local.get(cosine), local.get(carried(part)), [
            ...local.get(sine),
            ...local.get(above),
            ...f64x2.mul,
          ]),
          v128.store(rowBytes + 16 * part),
          [...local.get(cosine), ...local.get(above), ...f64x2.mul],
          [...local.get(sine), ...local.get(carried(part)), ...f64x2.mul],
          [...subtract, ...local.set(carried(part))],
        ]),
        advance(pairs, i32.const(2 * bytes)),
        countDown(count),
      ]),
      ...parts.map((part) => [...local.get(row), ...local.get(carried(part)), ...v128.store(16 * part)]),
    ],
  }
}
