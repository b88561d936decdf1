import { type Matrix, type Points, scatterOf, zeros } from '@mop/core/numeric'

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

/** A float64 copy of the rows less their mean, times `scale`. */
export function centred({ rows, columns, data }: Points, mean: Float64Array, scale: number): Matrix {
  const copy = zeros(rows, columns)
  let at = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      copy.data[at] = ((data[at] as number) - (mean[column] as number)) * scale
    }
  }
  return copy
}

/** Mean and unbiased covariance of n ≥ 2 rows, in float64 whatever the precision of the data. n d² / 2 multiplications. */
export function meanAndCovariance(points: Points): MeanAndCovariance {
  const { mean, scatter: covariance } = scatterOf(points)
  const { data } = covariance
  for (let index = 0; index < data.length; index++) data[index] = (data[index] as number) / (points.rows - 1)
  return { mean, covariance }
}
