import { type Matrix, multiply, type Points, symmetricEigen } from '@mop/core/numeric'
import { centred, meanAndCovariance, meanRow } from './mean-and-covariance.ts'

export interface PrincipalComponents {
  /** n × m: the centred rows in the coordinates of the m leading components. */
  readonly scores: Matrix<Float32Array>
  /** Shares of the total variance, descending, of all min(n, d) components. */
  readonly explained: Float64Array
}

/**
 * Principal components of n ≥ 2 rows: the fewest that explain at least `share` of the variance, from the eigenvectors of the
 * covariance or, for n < d, of the n × n products of the centred rows. Where nothing varies, one component of zeros.
 */
export function principalComponents(points: Points, share: number): PrincipalComponents {
  const { rows, columns } = points
  const scale = 1 / Math.sqrt(rows - 1)
  let explained = new Float64Array()
  const leading = (values: Float64Array) => {
    explained = sharesOf(values)
    return fewestReaching(explained, share)
  }
  if (rows < columns) {
    const less = centred(points, meanRow(points), scale)
    const { values, vectors } = symmetricEigen(multiply(less, less, { transposeB: true }), { leading })
    return { scores: spread(vectors, values, scale), explained }
  }
  const { mean, covariance } = meanAndCovariance(points)
  const { vectors } = symmetricEigen(covariance, { leading })
  return { scores: projected(points, mean, vectors), explained }
}

/** Shares of the total of what is not below zero, which it is only by rounding. */
function sharesOf(values: Float64Array): Float64Array<ArrayBuffer> {
  const kept = values.map((value) => Math.max(0, value))
  const total = kept.reduce((sum, value) => sum + value, 0)
  return Float64Array.from(kept, (value) => (total > 0 ? value / total : 0))
}

function fewestReaching(shares: Float64Array, share: number): number {
  let count = 0
  for (let reached = 0; count < shares.length && (count === 0 || reached < share); count++) {
    reached += shares[count] as number
  }
  return count
}

/** The centred rows times the components, in float32. */
function projected(points: Points, mean: Float64Array, components: Matrix): Matrix<Float32Array> {
  const rows = { ...points, data: Float32Array.from(centred(points, mean, 1).data) }
  return multiply(rows, { ...components, data: Float32Array.from(components.data) }, { transposeB: true })
}

/** Eigenvectors of the products of rows, stretched by the standard deviations, are the scores themselves. */
function spread(vectors: Matrix, values: Float64Array, scale: number): Matrix<Float32Array> {
  const scores = new Float32Array(vectors.rows * vectors.columns)
  for (let component = 0; component < vectors.rows; component++) {
    const length = Math.sqrt(Math.max(0, values[component] as number)) / scale
    for (let row = 0; row < vectors.columns; row++) {
      scores[row * vectors.rows + component] =
        (vectors.data[component * vectors.columns + row] as number) * length
    }
  }
  return { rows: vectors.columns, columns: vectors.rows, data: scores }
}
