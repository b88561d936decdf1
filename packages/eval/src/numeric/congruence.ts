import { type Matrix, multiply, zeros } from '@mop/core/numeric'
import type { SemidefiniteFactor } from './semidefinite-factor.ts'

/** Rows of the factor that are multiplied at a time: what lies before them is zero and left out. */
const blockRows = 128

/**
 * The lower triangle of F s Fᵀ (r × r; what stands above is of no account) for the factor F of another matrix. 4/3 n³ operations for r = n,
 * where two whole products take 4 n³.
 *
 * @param s n × n, symmetric.
 */
export function congruence({ upper, order }: SemidefiniteFactor, s: Matrix): Matrix {
  const n = s.rows
  const rank = upper.rows
  const permuted = zeros(n, n)
  for (let row = 0; row < n; row++) {
    const from = s.data.subarray((order[row] as number) * n, ((order[row] as number) + 1) * n)
    for (let column = 0; column < n; column++) {
      permuted.data[row * n + column] = from[order[column] as number] as number
    }
  }
  const product = zeros(rank, rank)
  for (let start = 0; start < rank; start += blockRows) {
    const trailing = corner(permuted, start)
    const factor = corner(upper, start)
    const rows = Math.min(blockRows, factor.rows)
    const block = { ...factor, rows, data: factor.data.subarray(0, rows * factor.columns) }
    const columns = multiply(factor, multiply(block, trailing), { transposeB: true })
    for (let row = 0; row < factor.rows; row++) {
      const values = columns.data.subarray(row * rows, (row + 1) * rows)
      product.data.set(values, (start + row) * rank + start)
    }
  }
  return product
}

/** What is left without the first `start` rows and columns. */
function corner(whole: Matrix, start: number): Matrix {
  if (start === 0) return whole
  const rest = zeros(whole.rows - start, whole.columns - start)
  for (let row = 0; row < rest.rows; row++) {
    const from = (start + row) * whole.columns
    rest.data.set(whole.data.subarray(from + start, from + whole.columns), row * rest.columns)
  }
  return rest
}
