import { type KernelName, kernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import { gramPanel } from './wasm-scatter-code.ts'
import { symmetricKernel } from './symmetric-kernel.ts'

/** a[order[i], order[j]] = (L Lᵀ)[i, j]. */
export interface PivotedCholesky {
  /** L, n × r with r the rank: zero above the diagonal. */
  readonly lower: Matrix
  /** A permutation of the n indices: the r pivots, then the rest. */
  readonly order: Int32Array
}

/** Pivots between two updates of what remains: the updates are matrix products and nearly all of the work. A multiple of the panel. */
const together = 4 * gramPanel

/**
 * Factor of a symmetric positive semidefinite matrix by Cholesky's method with the largest remaining diagonal entry as pivot (Higham 1990),
 * in blocks (Lucas 2004). It stops where all that remain are below n ε times the largest: what is left out is rounding. n r² operations.
 *
 * @param a n × n; both triangles are read.
 * @param kernel default the fastest this engine can run; `plain` where the one asked for cannot run.
 */
export function pivotedCholesky(a: Matrix, kernel: KernelName = kernelName()): PivotedCholesky {
  const n = a.rows
  const panels = Math.ceil(n / gramPanel)
  const width = panels * gramPanel
  // In the kernel's memory: a, which becomes L, and the panels of one update, the second time negative.
  const packedAt = width * width
  const packedLength = width * together
  const { values, gram } = symmetricKernel(kernel, packedAt + 2 * packedLength)
  for (let row = 0; row < n; row++) {
    values.set(a.data.subarray(row * n, (row + 1) * n), row * width)
  }
  const order = Int32Array.from({ length: n }, (_, index) => index)
  const remaining = Float64Array.from(order, (index) => a.data[index * (n + 1)] as number)
  const least = n * Number.EPSILON * remaining.reduce((one, other) => Math.max(one, other), 0)
  let rank = 0
  for (let start = 0; start < n; start += together) {
    const end = Math.min(n, start + together)
    rank = factorColumns(values, width, order, remaining, start, end, least)
    if (rank < end || end === n) break
    packColumns(values, width, n, start, packedAt, packedLength)
    for (let panel = end / gramPanel; panel < panels; panel++) {
      const at = 8 * (packedAt + panel * together * gramPanel)
      const to = 8 * panel * gramPanel * (width + 1)
      gram(panels - panel, together, at, at + 8 * packedLength, to, 8 * width)
    }
  }
  const lower = zeros(n, rank)
  for (let row = 0; row < n; row++) {
    const length = Math.min(row + 1, rank)
    lower.data.set(values.subarray(row * width, row * width + length), row * rank)
  }
  return { lower, order }
}

/**
 * Turns columns `start` to `end` into those of L, for which the columns before have been taken from them. Returns how many columns are
 * done: fewer than `end` where the pivots end.
 */
function factorColumns(
  values: Float64Array,
  width: number,
  order: Int32Array,
  remaining: Float64Array,
  start: number,
  end: number,
  least: number,
): number {
  const n = order.length
  for (let column = start; column < end; column++) {
    const pivot = largestFrom(remaining, column)
    const square = remaining[pivot] as number
    if (!(square > least)) return column
    exchange(values, width, order, remaining, column, pivot)
    const root = Math.sqrt(square)
    const pivotRow = values.subarray(column * width + start, column * width + column)
    for (let row = column + 1; row < n; row++) {
      const value = lessProducts(values, row * width, start, column, pivotRow) / root
      values[row * width + column] = value
      remaining[row] = (remaining[row] as number) - value * value
    }
    values[column * width + column] = root
  }
  return end
}

/** Entry `column` of the row at `row` less the products of what stands before it, from `start` on, with the pivot's row. */
function lessProducts(
  values: Float64Array,
  row: number,
  start: number,
  column: number,
  pivotRow: Float64Array,
): number {
  let even = values[row + column] as number
  let odd = 0
  let at = row + start
  let index = 0
  for (const last = column - start - 1; index < last; index += 2, at += 2) {
    even -= (values[at] as number) * (pivotRow[index] as number)
    odd -= (values[at + 1] as number) * (pivotRow[index + 1] as number)
  }
  if (index < column - start) even -= (values[at] as number) * (pivotRow[index] as number)
  return even + odd
}

function largestFrom(values: Float64Array, first: number): number {
  let best = first
  for (let at = first + 1; at < values.length; at++) {
    if ((values[at] as number) > (values[best] as number)) best = at
  }
  return best
}

/** Exchanges two rows and columns of the lower triangle, `one` not after `other`. */
function exchange(
  values: Float64Array,
  width: number,
  order: Int32Array,
  remaining: Float64Array,
  one: number,
  other: number,
): void {
  if (one === other) return
  const swap = (list: Float64Array | Int32Array, first: number, second: number) => {
    const value = list[first] as number
    list[first] = list[second] as number
    list[second] = value
  }
  swap(order, one, other)
  // The first's diagonal entry is not read again.
  swap(remaining, one, other)
  for (let column = 0; column < one; column++) swap(values, one * width + column, other * width + column)
  for (let between = one + 1; between < other; between++) {
    swap(values, between * width + one, other * width + between)
  }
  for (let row = other + 1; row < order.length; row++) swap(values, row * width + one, row * width + other)
}

/** The columns just made, from the next on, as panels for the update of the rest: those it adds and, behind them, their negatives. */
function packColumns(
  values: Float64Array,
  width: number,
  n: number,
  start: number,
  packedAt: number,
  packedLength: number,
): void {
  values.fill(0, packedAt, packedAt + 2 * packedLength)
  for (let row = start + together; row < n; row++) {
    const lane = row % gramPanel
    let to = packedAt + (row - lane) * together + lane
    const from = row * width + start
    for (let step = 0; step < together; step++, to += gramPanel) {
      const value = values[from + step] as number
      values[to] = value
      values[to + packedLength] = -value
    }
  }
}
