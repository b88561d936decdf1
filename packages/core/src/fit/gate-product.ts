import { multiply, type MultiplyOptions } from '../numeric/gemm.ts'
import type { Matrix } from '../numeric/matrix.ts'

/** What the gate's objective computes with: float64, or float32 in a first stage of the fit. */
export type GateValues = Float64Array | Float32Array

/** `multiply` of matrices of one precision, either, into `out` of the same. */
export function multiplyInto(
  out: GateValues,
  a: Matrix<GateValues>,
  b: Matrix<GateValues>,
  options: Omit<MultiplyOptions<Float64Array>, 'out'>,
): void {
  multiply(a, b, { ...options, out: out as Float64Array })
}
