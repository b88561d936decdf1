import { InvalidArgumentError, MopError } from '@mop/core'
import { type Matrix, zeros } from '@mop/core/numeric'
import { accumulateReflections, tridiagonalForm } from './tridiagonal-form.ts'

export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array
  /** Row k is the unit eigenvector of values[k]. */
  readonly vectors: Matrix
}

/**
 * The eigenvalues of a symmetric matrix, descending: Householder's tridiagonal form, then the implicit QL iteration with Wilkinson's
 * shift (Dubrulle, Martin and Wilkinson, 1968). Each is within a small multiple of n ε ‖a‖.
 *
 * @param a n × n; only its lower triangle is read.
 * @throws InvalidArgumentError where `a` is not square or not finite.
 */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  const { scaled, unit } = checkedAndScaled(a)
  const { diagonal, offDiagonal } = tridiagonalForm(scaled, false)
  implicitQl(diagonal, offDiagonal)
  return diagonal
    .map((value) => value * unit)
    .sort()
    .reverse()
}

/** The eigenvalues of a symmetric matrix with orthonormal eigenvectors. As `symmetricEigenvalues`, at several times its cost. */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const { scaled, unit } = checkedAndScaled(a)
  const n = a.rows
  const form = tridiagonalForm(scaled, true)
  const q = accumulateReflections(form)
  const rows = zeros(n, n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      rows.data[column * n + row] = q.data[row * n + column] as number
    }
  }
  implicitQl(form.diagonal, form.offDiagonal, rows)
  const order = [...form.diagonal.keys()].sort(
    (one, other) => (form.diagonal[other] as number) - (form.diagonal[one] as number),
  )
  const vectors = zeros(n, n)
  order.forEach((from, to) => vectors.data.set(rows.data.subarray(from * n, (from + 1) * n), to * n))
  return { values: Float64Array.from(order, (index) => (form.diagonal[index] as number) * unit), vectors }
}

/** The matrix over a power of two near its largest entry, so that no square overflows or vanishes. */
function checkedAndScaled(a: Matrix): { readonly scaled: Matrix; readonly unit: number } {
  if (a.rows !== a.columns) {
    throw new InvalidArgumentError({ argument: 'a', expected: 'square', found: `${a.rows} x ${a.columns}` })
  }
  let largest = 0
  for (const value of a.data) {
    if (!Number.isFinite(value)) {
      throw new InvalidArgumentError({ argument: 'a', expected: 'finite', found: value })
    }
    largest = Math.max(largest, Math.abs(value))
  }
  const unit = largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
  return { scaled: { ...a, data: a.data.map((value) => value / unit) }, unit }
}

/** Below this a coupling is no more than rounding of a matrix whose largest entry is about one. */
const negligible = 2 ** -62

/** An eigenvalue takes two or three; one that takes this many never comes. */
const mostSweeps = 100

/** Turns `diagonal` into the eigenvalues, destroys `offDiagonal`, and turns the rows of `vectors` along. */
function implicitQl(diagonal: Float64Array, offDiagonal: Float64Array, vectors?: Matrix): void {
  const n = diagonal.length
  for (let low = 0; low < n; low++) {
    for (let sweeps = 0; ; sweeps++) {
      let high = low
      while (high < n - 1) {
        const scale = Math.abs(diagonal[high] as number) + Math.abs(diagonal[high + 1] as number)
        if (Math.abs(offDiagonal[high] as number) <= Number.EPSILON * scale + negligible) break
        high++
      }
      if (high === low) break
      if (sweeps === mostSweeps) {
        throw new MopError({
          code: 'eigenvalues-not-found',
          message: `Eigenvalue ${low} of ${n} did not settle in ${mostSweeps} sweeps.`,
        })
      }
      qlSweep(diagonal, offDiagonal, low, high, vectors)
    }
  }
}

/** One implicit QL step on the unreduced block from `low` to `high`. */
function qlSweep(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  low: number,
  high: number,
  vectors: Matrix | undefined,
): void {
  const lowest = diagonal[low] as number
  const coupling = offDiagonal[low] as number
  const ratio = ((diagonal[low + 1] as number) - lowest) / (2 * coupling)
  const radius = Math.hypot(ratio, 1)
  let g = (diagonal[high] as number) - lowest + coupling / (ratio + (ratio >= 0 ? radius : -radius))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let at = high - 1; at >= low; at--) {
    const f = sine * (offDiagonal[at] as number)
    const b = cosine * (offDiagonal[at] as number)
    const r = Math.sqrt(f * f + g * g)
    offDiagonal[at + 1] = r
    if (r === 0) {
      // The rotation is lost to underflow: the block splits here.
      diagonal[at + 1] = (diagonal[at + 1] as number) - shift
      offDiagonal[high] = 0
      return
    }
    sine = f / r
    cosine = g / r
    const above = (diagonal[at + 1] as number) - shift
    const turned = ((diagonal[at] as number) - above) * sine + 2 * cosine * b
    shift = sine * turned
    diagonal[at + 1] = above + shift
    g = cosine * turned - b
    if (vectors !== undefined) rotateRows(vectors, at, sine, cosine)
  }
  diagonal[low] = (diagonal[low] as number) - shift
  offDiagonal[low] = g
  offDiagonal[high] = 0
}

/** Rows `row` and `row + 1` by a plane rotation. */
function rotateRows({ columns, data }: Matrix, row: number, sine: number, cosine: number): void {
  const upper = data.subarray(row * columns, (row + 1) * columns)
  const lower = data.subarray((row + 1) * columns, (row + 2) * columns)
  for (let column = 0; column < columns; column++) {
    const below = lower[column] as number
    const above = upper[column] as number
    lower[column] = sine * above + cosine * below
    upper[column] = cosine * above - sine * below
  }
}
