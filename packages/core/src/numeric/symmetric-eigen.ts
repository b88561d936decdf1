import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { implicitQl } from './implicit-ql.ts'
import { type KernelName, kernelName } from './kernel.ts'
import type { Matrix } from './matrix.ts'
import { applyReflections } from './reflections.ts'
import { rotatedRows } from './rotated-rows.ts'
import { tridiagonalForm } from './tridiagonal-form.ts'

export interface SymmetricEigen {
  /** All n, descending. */
  readonly values: Float64Array
  /** Row k is the unit eigenvector of values[k]. */
  readonly vectors: Matrix
}

export interface SymmetricEigenvaluesOptions {
  /** Default the fastest this engine can run; `plain` where the one asked for cannot run. */
  readonly kernel?: KernelName
}

export interface SymmetricEigenOptions extends SymmetricEigenvaluesOptions {
  /** How many leading eigenvectors are wanted, from 0 to n, given all eigenvalues. Default all. */
  readonly leading?: (values: Float64Array) => number
}

/**
 * The eigenvalues of a symmetric matrix, descending: Householder's tridiagonal form, then the implicit QL iteration with Wilkinson's
 * shift (Dubrulle, Martin and Wilkinson, 1968). Each is within a small multiple of n ε ‖a‖.
 *
 * @param a n × n; only its lower triangle is read.
 * @throws InvalidArgumentError where `a` is not square or not finite.
 */
export function symmetricEigenvalues(a: Matrix, options: SymmetricEigenvaluesOptions = {}): Float64Array {
  const { kernel = kernelName() } = options
  const unit = checkedUnit(a)
  const { diagonal, offDiagonal } = tridiagonalForm(a, unit, false, kernel)
  implicitQl(diagonal, offDiagonal)
  return diagonal
    .map((value) => value * unit)
    .sort()
    .reverse()
}

/** The eigenvalues of a symmetric matrix with orthonormal eigenvectors. As `symmetricEigenvalues`, at three times its cost. */
export function symmetricEigen(a: Matrix, options: SymmetricEigenOptions = {}): SymmetricEigen {
  const { kernel = kernelName(), leading = () => a.rows } = options
  const unit = checkedUnit(a)
  const form = tridiagonalForm(a, unit, true, kernel)
  const rows = rotatedRows(a.rows, kernel)
  const { diagonal } = form
  implicitQl(diagonal, form.offDiagonal, rows)
  const order = [...diagonal.keys()].sort(
    (one, other) => (diagonal[other] as number) - (diagonal[one] as number),
  )
  const values = Float64Array.from(order, (index) => (diagonal[index] as number) * unit)
  const vectors = rows.take(order.slice(0, leading(values)))
  applyReflections(form, vectors)
  return { values, vectors }
}

/** A power of two near the largest entry: over it no square overflows or vanishes. */
function checkedUnit({ rows, columns, data }: Matrix): number {
  if (rows !== columns) {
    throw new InvalidArgumentError({ argument: 'a', expected: 'square', found: `${rows} x ${columns}` })
  }
  let largest = 0
  for (let index = 0; index < data.length; index++) {
    const size = Math.abs(data[index] as number)
    if (!(size < Infinity)) {
      throw new InvalidArgumentError({ argument: 'a', expected: 'finite', found: data[index] })
    }
    if (size > largest) largest = size
  }
  return largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}
