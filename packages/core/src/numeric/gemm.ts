import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { gemmPlain } from './gemm-plain.ts'
import { gemmWasm } from './gemm-wasm.ts'
import { type KernelName, kernelName, wasmKernel } from './kernel.ts'
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
  /** Default the fastest this engine can run; `plain` where the one asked for cannot run. */
  readonly kernel?: KernelName
}

/** Below this many multiplications packing costs more than the kernel saves. */
const smallProduct = 4096

/**
 * The matrix product op(A) · op(B): in float32 where both operands are, else computed and returned in float64.
 * Throws InvalidArgumentError where the shapes do not fit.
 */
export function multiply(
  a: Matrix<Float32Array>,
  b: Matrix<Float32Array>,
  options?: MultiplyOptions<Float32Array>,
): Matrix<Float32Array>
export function multiply(
  a: Matrix<Float64Array | Float32Array>,
  b: Matrix<Float64Array | Float32Array>,
  options?: MultiplyOptions<Float64Array>,
): Matrix
export function multiply(
  a: Matrix<Float64Array | Float32Array>,
  b: Matrix<Float64Array | Float32Array>,
  options: MultiplyOptions<Float64Array> | MultiplyOptions<Float32Array> = {},
): Matrix<Float64Array | Float32Array> {
  const { transposeA = false, transposeB = false, accumulate = false, kernel = kernelName() } = options
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
  const single = a.data instanceof Float32Array && b.data instanceof Float32Array
  const data = options.out ?? (single ? new Float32Array(m * n) : new Float64Array(m * n))
  if (data.length !== m * n || data instanceof Float32Array !== single) {
    throw new InvalidArgumentError({
      argument: 'out',
      expected: `a ${single ? 'Float32Array' : 'Float64Array'} of length ${m * n}`,
      found: `a ${data.constructor.name} of length ${data.length}`,
    })
  }
  const wasm = m * n * k < smallProduct ? undefined : wasmKernel(kernel)
  if (wasm === undefined) {
    if (!accumulate && options.out !== undefined) data.fill(0)
    gemmPlain(m, n, k, a.data, transposeA, b.data, transposeB, data)
  } else gemmWasm(wasm, { m, n, k, a: a.data, transposeA, b: b.data, transposeB, c: data, accumulate })
  return { rows: m, columns: n, data }
}
