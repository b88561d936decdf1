import { multiply, packedRows } from './gemm.ts'
import type { PackedRows } from './gemm-wasm.ts'
import type { Matrix } from './matrix.ts'
import { type Points, squaredNorms } from './squared-distances.ts'

type Values = Float64Array | Float32Array

/** The points of a clustering and what all its steps need of them. */
export interface MeasuredPoints {
  readonly points: Points
  /** Σ x² of each point. */
  readonly norms: Float64Array
  readonly packed: PackedRows | undefined
}

export function measuredPoints(points: Points): MeasuredPoints {
  return { points, norms: squaredNorms(points), packed: packedRows(points) }
}

/** Points whose products are taken at a time. */
const pointsAtOnce = 2048

/**
 * Visits the inner products of the targets with all points, in the points' precision, some points at a time: that of target t with
 * point `start` + j at t · count + j. They are overwritten by the next.
 */
export function forEachProducts(
  { points, packed }: MeasuredPoints,
  targets: Matrix<Values>,
  visit: (products: Values, start: number, count: number) => void,
): void {
  const { rows, columns, data } = points
  const single = data instanceof Float32Array
  const length = targets.rows * Math.min(rows, pointsAtOnce)
  const products = single ? new Float32Array(length) : new Float64Array(length)
  const left = single && targets.data instanceof Float64Array ? new Float32Array(targets.data) : targets.data
  for (let start = 0; start < rows; start += pointsAtOnce) {
    const count = Math.min(pointsAtOnce, rows - start)
    const out = products.subarray(0, targets.rows * count)
    multiply(
      { ...targets, data: left } as Matrix,
      { rows: count, columns, data: data.subarray(start * columns, (start + count) * columns) } as Matrix,
      { transposeB: true, packed: packed && { ...packed, start }, out: out as Float64Array },
    )
    visit(out, start, count)
  }
}
