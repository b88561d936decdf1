import { multiply } from './gemm.ts'
import { type PackedRows, packRows, type VisitProducts } from './gemm-packed.ts'
import type { Matrix } from './matrix.ts'
import { type Points, squaredNorms } from './squared-distances.ts'

/** The points of a clustering and what all its steps need of them. */
export interface MeasuredPoints {
  readonly points: Points
  /** Σ x² of each point. */
  readonly norms: Float64Array
  readonly packed: PackedRows | undefined
}

/** Below this many values a memory of their own costs more than packing them again. */
const fewValues = 16_384

/** Must be followed by `packed.end()`. @param mostTargets the points are multiplied with at most so many at a time. */
export function measuredPoints(points: Points, mostTargets: number): MeasuredPoints {
  const packed = points.data.length < fewValues ? undefined : packRows(points, mostTargets)
  return { points, norms: squaredNorms(points), packed }
}

/** Points whose products are taken at a time, where they are not packed. */
const pointsAtOnce = 2048

/** Visits the inner products of the targets with all points, in the points' precision, as `PackedRows.forEachProducts` does. */
export function forEachProducts(
  { points, packed }: MeasuredPoints,
  targets: Matrix | Matrix<Float32Array>,
  visit: VisitProducts,
): void {
  const { rows, columns, data } = points
  const converts = data instanceof Float32Array && targets.data instanceof Float64Array
  const left = converts ? { ...targets, data: new Float32Array(targets.data) } : targets
  if (packed !== undefined) {
    packed.forEachProducts(left, visit)
    return
  }
  for (let start = 0; start < rows; start += pointsAtOnce) {
    const count = Math.min(pointsAtOnce, rows - start)
    const block = { rows: count, columns, data: data.subarray(start * columns, (start + count) * columns) }
    const products: Matrix<Float64Array | Float32Array> =
      data instanceof Float32Array
        ? multiply(left as Matrix<Float32Array>, block as Matrix<Float32Array>, { transposeB: true })
        : multiply(left, block, { transposeB: true })
    visit(products.data, 0, count, start, count)
  }
}
