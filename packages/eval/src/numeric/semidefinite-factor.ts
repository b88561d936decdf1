import { dot, type Matrix, zeros } from '@mop/core/numeric'

/**
 * F (r × n) with Fᵀ F = a for a symmetric positive semidefinite matrix of rank r, by Cholesky's method with the largest remaining
 * diagonal entry as pivot (Higham 1990). It stops where all that remain are below n ε times the largest: what is left out is
 * rounding. n r² operations.
 *
 * @param a n × n; both triangles are read.
 */
export function semidefiniteFactor(a: Matrix): Matrix {
  const n = a.rows
  const remaining = Float64Array.from({ length: n }, (_, index) => a.data[index * (n + 1)] as number)
  const least = n * Number.EPSILON * remaining.reduce((one, other) => Math.max(one, other), 0)
  // Row i of `factor` belongs to row i of a; `order` lists the pivots, then the rest.
  const factor = new Float64Array(n * n)
  const order = Int32Array.from({ length: n }, (_, index) => index)
  let rank = 0
  for (; rank < n; rank++) {
    let best = rank
    for (let at = rank + 1; at < n; at++) {
      if ((remaining[order[at] as number] as number) > (remaining[order[best] as number] as number)) best = at
    }
    const pivot = order[best] as number
    const square = remaining[pivot] as number
    if (!(square > least)) break
    order[best] = order[rank] as number
    order[rank] = pivot
    const root = Math.sqrt(square)
    factor[pivot * n + rank] = root
    for (let at = rank + 1; at < n; at++) {
      const row = order[at] as number
      const inner = dot(factor, factor, rank, row * n, pivot * n)
      const value = ((a.data[row * n + pivot] as number) - inner) / root
      factor[row * n + rank] = value
      remaining[row] = (remaining[row] as number) - value * value
    }
  }
  const transposed = zeros(rank, n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < rank; column++) {
      transposed.data[column * n + row] = factor[row * n + column] as number
    }
  }
  return transposed
}
