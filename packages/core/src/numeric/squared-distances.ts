import type { Matrix } from './matrix.ts'

/** One row per point, in either precision: products are computed in it, sums and distances in float64. */
export type Points = Matrix<Float64Array> | Matrix<Float32Array>

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

export function sumOf(values: Float64Array): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] as number
  return sum
}
