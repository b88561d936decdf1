import { multiply } from './gemm.ts'
import type { PackedRows } from './gemm-wasm.ts'
import type { Matrix } from './matrix.ts'

/** One row per point, in either precision: products are computed in it, sums and distances in float64. */
export type Points = Matrix<Float64Array> | Matrix<Float32Array>

/**
 * Squared distances of all points (rows) to some of them (columns); exactly 0 for equal points.
 *
 * @param packed what `packedRows(points)` gave, where it is called many times.
 */
export function distancesTo(
  points: Points,
  norms: Float64Array,
  targets: readonly number[],
  packed?: PackedRows,
): Float64Array {
  const { rows, columns } = points
  const chosen = targets.map((target) => pointAt(points, target))
  const distances = new Float64Array(rows * targets.length)
  const products = productsWith(points, 0, rows, joined(chosen, columns), targets.length, packed)
  const width = targets.length
  const targetNorms = targets.map((target) => norms[target] as number)
  for (let row = 0; row < rows; row++) {
    const norm = norms[row] as number
    for (let column = 0; column < width; column++) {
      const scale = norm + (targetNorms[column] as number)
      const index = row * width + column
      const distance = scale - 2 * (products[index] as number)
      // The difference of large numbers says nothing about small distances.
      distances[index] =
        distance > 1e-3 * scale
          ? distance
          : directDistance(points, row, chosen[column] as Float64Array | Float32Array, 0, columns)
    }
  }
  return distances
}

/** Inner products of the points from `start` to `end` (rows) with `count` targets (columns). */
export function productsWith(
  points: Points,
  start: number,
  end: number,
  targets: Float64Array,
  count: number,
  packed?: PackedRows,
): Float32Array | Float64Array {
  const { columns, data } = points
  if (data instanceof Float32Array) {
    const block = { rows: end - start, columns, data: data.subarray(start * columns, end * columns) }
    const right = { rows: count, columns, data: Float32Array.from(targets) }
    return multiply(block, right, {
      transposeB: true,
      packed,
    }).data
  }
  const block = { rows: end - start, columns, data: data.subarray(start * columns, end * columns) }
  return multiply(block, { rows: count, columns, data: targets }, { transposeB: true, packed }).data
}

function joined(rows: readonly (Float64Array | Float32Array)[], columns: number): Float64Array {
  const data = new Float64Array(rows.length * columns)
  rows.forEach((row, index) => data.set(row, index * columns))
  return data
}

/** Σ (x − c)² without cancellation. */
export function directDistance(
  points: Points,
  row: number,
  target: Float64Array | Float32Array,
  start: number,
  length: number,
): number {
  const { data } = points
  const from = row * length
  let s0 = 0
  let s1 = 0
  let index = 0
  for (; index + 1 < length; index += 2) {
    const d0 = (data[from + index] as number) - (target[start + index] as number)
    const d1 = (data[from + index + 1] as number) - (target[start + index + 1] as number)
    s0 += d0 * d0
    s1 += d1 * d1
  }
  if (index < length) s0 += ((data[from + index] as number) - (target[start + index] as number)) ** 2
  return s0 + s1
}

export function squaredNorms(points: Points): Float64Array {
  const zero = new Float64Array(points.columns)
  return Float64Array.from({ length: points.rows }, (_, row) =>
    directDistance(points, row, zero, 0, points.columns),
  )
}

export function pointAt(points: Points, row: number): Float64Array | Float32Array {
  return points.data.subarray(row * points.columns, (row + 1) * points.columns)
}

export function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
