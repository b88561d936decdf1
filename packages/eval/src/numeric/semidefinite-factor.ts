import { dot, type Matrix, multiply, zeros } from '@mop/core/numeric'

/** a = Fᵀ F with F = U P: column `order[k]` of F (r × n, r the rank) is column k of U. */
export interface SemidefiniteFactor {
  /** U, r × n: zero below the diagonal. */
  readonly upper: Matrix
  /** A permutation of the n indices: the r pivots, then the rest. */
  readonly order: Int32Array
}

/** Pivots between two updates of what remains: the updates are matrix products and nearly all of the work. */
const together = 48

/**
 * Factor of a symmetric positive semidefinite matrix by Cholesky's method with the largest remaining diagonal entry as pivot (Higham 1990),
 * in blocks (Lucas 2004). It stops where all that remain are below n ε times the largest: what is left out is rounding. n r² operations.
 *
 * @param a n × n; both triangles are read.
 */
export function semidefiniteFactor(a: Matrix): SemidefiniteFactor {
  const n = a.rows
  let largest = 0
  for (let index = 0; index < n; index++) largest = Math.max(largest, a.data[index * (n + 1)] as number)
  const least = n * Number.EPSILON * largest
  const pivots: number[] = []
  const rows: Float64Array[] = []
  let rest = a
  let indices = Array.from({ length: n }, (_, index) => index)
  for (;;) {
    const { panel, chosen } = pivotColumns(rest, least)
    chosen.forEach((pivot, step) => {
      pivots.push(indices[pivot] as number)
      const row = new Float64Array(n)
      indices.forEach((index, at) => (row[index] = panel.data[at * together + step] as number))
      rows.push(row)
    })
    const left = [...indices.keys()].filter((at) => !chosen.includes(at))
    indices = left.map((at) => indices[at] as number)
    if (chosen.length < together || left.length === 0) break
    rest = remainder(rest, panel, left)
  }
  const order = Int32Array.from([...pivots, ...indices])
  const upper = zeros(rows.length, n)
  rows.forEach((row, step) => {
    for (let column = step; column < n; column++) {
      upper.data[step * n + column] = row[order[column] as number] as number
    }
  })
  return { upper, order }
}

/** The next pivots, at most `together`, and the columns of the factor that belong to them: a row for each row of `a`. */
function pivotColumns(a: Matrix, least: number): { readonly panel: Matrix; readonly chosen: number[] } {
  const n = a.rows
  const panel = zeros(n, together)
  const { data } = panel
  const chosen: number[] = []
  const remaining = Float64Array.from({ length: n }, (_, index) => a.data[index * (n + 1)] as number)
  for (let step = 0; step < Math.min(together, n); step++) {
    let pivot = 0
    for (let at = 1; at < n; at++) if ((remaining[at] as number) > (remaining[pivot] as number)) pivot = at
    const square = remaining[pivot] as number
    if (!(square > least)) break
    const root = Math.sqrt(square)
    for (let at = 0; at < n; at++) {
      // Those chosen before are done.
      if (remaining[at] === -Infinity) continue
      const inner = dot(data, data, step, at * together, pivot * together)
      const value = ((a.data[pivot * n + at] as number) - inner) / root
      data[at * together + step] = value
      remaining[at] = (remaining[at] as number) - value * value
    }
    data[pivot * together + step] = root
    remaining[pivot] = -Infinity
    chosen.push(pivot)
  }
  return { panel, chosen }
}

/** Rows and columns `left` of a − panel panelᵀ. */
function remainder(a: Matrix, panel: Matrix, left: readonly number[]): Matrix {
  const size = left.length
  const kept = zeros(size, panel.columns)
  const negative = zeros(size, panel.columns)
  const rest = zeros(size, size)
  left.forEach((from, to) => {
    for (let column = 0; column < panel.columns; column++) {
      const value = panel.data[from * panel.columns + column] as number
      kept.data[to * panel.columns + column] = value
      negative.data[to * panel.columns + column] = -value
    }
    for (let column = 0; column < size; column++) {
      rest.data[to * size + column] = a.data[from * a.columns + (left[column] as number)] as number
    }
  })
  return multiply(kept, negative, { transposeB: true, out: rest.data, accumulate: true })
}
