import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { NotPositiveDefiniteError } from '../errors/not-positive-definite-error.ts'
import { dot } from './dot.ts'
import type { Matrix } from './matrix.ts'

/**
 * The lower triangle L with L Lᵀ = a, zeros above. Reads the lower triangle of the symmetric `a` only.
 * Throws NotPositiveDefiniteError at the first pivot that is not positive.
 */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows
  if (a.columns !== n) {
    throw new InvalidArgumentError({ argument: 'a', expected: 'square', found: `${a.rows} x ${a.columns}` })
  }
  const factor = new Float64Array(n * n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const inner = dot(factor, factor, column, row * n, column * n)
      factor[row * n + column] =
        ((a.data[row * n + column] as number) - inner) / (factor[column * n + column] as number)
    }
    const pivot = (a.data[row * n + row] as number) - dot(factor, factor, row, row * n, row * n)
    if (!(pivot > 0)) throw new NotPositiveDefiniteError({ row, pivot })
    factor[row * n + row] = Math.sqrt(pivot)
  }
  return { rows: n, columns: n, data: factor }
}

/** The solution x of L Lᵀ x = b, given L from `cholesky`. */
export function solveCholesky(factor: Matrix, b: Float64Array): Float64Array {
  const n = factor.rows
  const { data } = factor
  const x = Float64Array.from(b)
  for (let row = 0; row < n; row++) {
    x[row] = ((x[row] as number) - dot(data, x, row, row * n)) / (data[row * n + row] as number)
  }
  for (let row = n - 1; row >= 0; row--) {
    const value = (x[row] as number) / (data[row * n + row] as number)
    x[row] = value
    for (let column = 0; column < row; column++) {
      x[column] = (x[column] as number) - value * (data[row * n + column] as number)
    }
  }
  return x
}
