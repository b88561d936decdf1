import { type Code, f64x2, i32, local, repeatWhile, v128, type WasmFunction } from './wasm-assembler.ts'
import { advance, countDown, multiplyAdd, subtract } from './wasm-steps.ts'

/** Columns of a panel whose rows `rotate` turns: four vectors. */
export const rotatedColumns = 8

const bytes = 8

/**
 * `reduce` (pairs, vectors, entries, rowStride, v, w, next, product, sums): a step of the tridiagonal form on `pairs` pairs of rows, the first
 * with `vectors` ≥ 1 pairs of columns before its 2 x 2 block on the diagonal, each further pair with one more. At byte addresses, from
 * the first of these columns on, lie v, w, next and product, which hold a value for every row too; `entries` is the first row, `sums` its two
 * partial sums, four for each pair.
 *
 *     entries += v wᵀ + w vᵀ      product[column] += entries[row, column] · next[row], before the block
 *     sums[row] = Σ entries[row, column] · next[column], with the block
 */
export function reduceFunction(fused: boolean): WasmFunction {
  const [pairs, vectors, entries, rowStride, v, w, next, product, sums] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const [at, left, upper, lower] = [9, 10, 11, 12]
  const [v0, v1, w0, w1, n0, n1, sum0, sum1] = [13, 14, 15, 16, 17, 18, 19, 20]
  const [vc, wc, nc, e0, e1] = [21, 22, 23, 24, 25]
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
