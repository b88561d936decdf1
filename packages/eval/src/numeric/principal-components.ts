import { type Matrix, multiply, type Points } from '@mop/core/numeric'
import { centred, meanAndCovariance, meanRow } from './mean-and-covariance.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

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
  const tall = rows >= columns
  const mean = meanRow(points)
  const scale = 1 / Math.sqrt(rows - 1)
  const rowsCentred = tall ? undefined : centred(points, mean, scale)
  const { values, vectors } = symmetricEigen(
    rowsCentred === undefined
      ? meanAndCovariance(points).covariance
      : multiply(rowsCentred, rowsCentred, { transposeB: true }),
  )
  const kept = values.map((value) => Math.max(0, value))
  const total = kept.reduce((sum, value) => sum + value, 0)
  const explained = kept.map((value) => (total > 0 ? value / total : 0))
  let count = 0
  for (let reached = 0; count < explained.length && (count === 0 || reached < share); count++) {
    reached += explained[count] as number
  }
  const leading = {
    rows: count,
    columns: vectors.columns,
    data: vectors.data.subarray(0, count * vectors.columns),
  }
  return { scores: tall ? projected(points, mean, leading) : spread(leading, kept, scale), explained }
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
    const length = Math.sqrt(values[component] as number) / scale
    for (let row = 0; row < vectors.columns; row++) {
      scores[row * vectors.rows + component] =
        (vectors.data[component * vectors.columns + row] as number) * length
    }
  }
  return { rows: vectors.columns, columns: vectors.rows, data: scores }
}
