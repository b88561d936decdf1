import { type Matrix, multiply, type Points, zeros } from '@mop/core/numeric'

export interface MeanAndCovariance {
  /** d entries. */
  readonly mean: Float64Array
  /** d × d, symmetric; divided by n − 1. */
  readonly covariance: Matrix
}

/** The mean of the rows. */
export function meanRow({ rows, columns, data }: Points): Float64Array {
  const mean = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    const offset = row * columns
    for (let column = 0; column < columns; column++) {
      mean[column] = (mean[column] as number) + (data[offset + column] as number)
    }
  }
  for (let column = 0; column < columns; column++) mean[column] = (mean[column] as number) / rows
  return mean
}

/** A float64 copy of columns `from` to `to`, less their mean, times `scale`. */
export function centred(
  { rows, columns, data }: Points,
  mean: Float64Array,
  scale: number,
  from = 0,
  to: number = columns,
): Matrix {
  const copy = zeros(rows, to - from)
  let at = 0
  for (let row = 0; row < rows; row++) {
    for (let column = from; column < to; column++) {
      copy.data[at++] = ((data[row * columns + column] as number) - (mean[column] as number)) * scale
    }
  }
  return copy
}

/** Columns in one block: with 768 of them, 21 of 36 products are made and the others mirrored. */
const blockColumns = 128

/**
 * Mean and unbiased covariance of n ≥ 2 rows, in float64 whatever the precision of the data. n d² multiplications, of which
 * little more than half are made: the matrix is symmetric.
 */
export function meanAndCovariance(points: Points): MeanAndCovariance {
  const d = points.columns
  const mean = meanRow(points)
  const scale = 1 / Math.sqrt(points.rows - 1)
  const covariance = zeros(d, d)
  const starts = Array.from({ length: Math.ceil(d / blockColumns) }, (_, block) => block * blockColumns)
  const blocks = starts.map((start) => centred(points, mean, scale, start, Math.min(d, start + blockColumns)))
  blocks.forEach((left, i) => {
    blocks.slice(0, i + 1).forEach((right, j) => {
      const product = multiply(left, right, { transposeA: true })
      const top = i * blockColumns
      const side = j * blockColumns
      for (let row = 0; row < product.rows; row++) {
        for (let column = 0; column < product.columns; column++) {
          const value = product.data[row * product.columns + column] as number
          covariance.data[(top + row) * d + side + column] = value
          covariance.data[(side + column) * d + top + row] = value
        }
      }
    })
  })
  return { mean, covariance }
}
