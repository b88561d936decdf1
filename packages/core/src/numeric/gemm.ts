import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { gemmPlain } from './gemm-plain.ts'
import type { Matrix } from './matrix.ts'

export interface MultiplyOptions<Data extends Float64Array | Float32Array> {
  /** Use Aᵀ. Default false. */
  readonly transposeA?: boolean
  /** Use Bᵀ. Default false. */
  readonly transposeB?: boolean
  /** Where the product is written, row-major m × n. Must not overlap a or b. Default a new array. */
  readonly out?: Data
  /** Add the product to `out` instead of replacing it. Default false. */
  readonly accumulate?: boolean
}

/**
 * The matrix product op(A) · op(B), in the precision of the operands (both float64 or both float32).
 * Throws InvalidArgumentError where the shapes do not fit.
 */
export function multiply<Data extends Float64Array | Float32Array>(
  a: Matrix<Data>,
  b: Matrix<Data>,
  options: MultiplyOptions<Data> = {},
): Matrix<Data> {
  const { transposeA = false, transposeB = false, accumulate = false } = options
  const m = transposeA ? a.columns : a.rows
  const k = transposeA ? a.rows : a.columns
  const n = transposeB ? b.rows : b.columns
  const inner = transposeB ? b.columns : b.rows
  if (inner !== k) {
    throw new InvalidArgumentError({
      argument: 'b',
      expected: `with ${k} ${transposeB ? 'columns' : 'rows'} to fit a`,
      found: `${b.rows} x ${b.columns}`,
    })
  }
  const data = options.out ?? (new (a.data.constructor as new (length: number) => Data)(m * n) as Data)
  if (data.length !== m * n) {
    throw new InvalidArgumentError({
      argument: 'out',
      expected: `of length ${m * n}`,
      found: `length ${data.length}`,
    })
  }
  if (!accumulate && options.out !== undefined) data.fill(0)
  gemmPlain(m, n, k, a.data, transposeA, b.data, transposeB, data)
  return { rows: m, columns: n, data }
}
