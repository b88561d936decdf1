import {
  type Code,
  f64x2,
  i32,
  i64x2,
  local,
  repeatWhile,
  v128,
  type WasmFunction,
} from './wasm-assembler.ts'
import { gemmFunctions } from './wasm-gemm-code.ts'

/** All functions of a kernel. */
export function kernelFunctions(fused: boolean): readonly WasmFunction[] {
  return [...gemmFunctions(fused), expFunction(fused)]
}

const { LN2, LOG2E } = Math
/** ln 2 in two parts: the first has 32 significant bits, so that n · high is exact for |n| < 2²⁰. */
const ln2High = Math.fround(LN2 * 2 ** 8) / 2 ** 8
const ln2Low = 2.3190468138462996e-17 + (LN2 - ln2High)

/**
 * `expFloat64` (address, pairs): replaces 2 · pairs float64 by their exponentials. Below −708 the result is 0, above 709
 * that of 709. x = n ln 2 + r with |r| ≤ ln 2 / 2, e^r by its Taylor polynomial of degree 13 (error below 2⁻⁵⁵),
 * times 2ⁿ by adding n to the exponent's bits.
 */
export function expFunction(fused: boolean): WasmFunction {
  const [at, left] = [0, 1]
  const [x, n, r, p] = [2, 3, 4, 5]
  // Constants live in locals: engines rebuild a v128.const from immediates wherever it stands.
  const constants: number[] = []
  const constant = (value: number): Code => {
    const known = constants.indexOf(value)
    return local.get(6 + (known >= 0 ? known : constants.push(value) - 1))
  }
  const multiplyAdd = (factor: Code, other: Code, addend: Code): Code =>
    fused
      ? [...factor, ...other, ...addend, ...f64x2.relaxedMadd]
      : [...factor, ...other, ...f64x2.mul, ...addend, ...f64x2.add]
  const coefficients: number[] = []
  for (let degree = 0, factorial = 1; degree <= 13; degree++, factorial *= degree) {
    coefficients.unshift(1 / factorial)
  }
  const [leading = 0, ...others] = coefficients
  const loop = repeatWhile([
    [...local.get(at), ...v128.load(0), ...constant(709), ...f64x2.min, ...local.set(x)],
    [...local.get(x), ...constant(-708), ...f64x2.max, ...local.tee(r)],
    [...constant(LOG2E), ...f64x2.mul, ...f64x2.nearest, ...local.set(n)],
    [...multiplyAdd(local.get(n), constant(-ln2High), local.get(r)), ...local.set(r)],
    [...multiplyAdd(local.get(n), constant(-ln2Low), local.get(r)), ...local.set(r)],
    [...constant(leading), ...local.set(p)],
    ...others.map((coefficient) => [
      ...multiplyAdd(local.get(p), local.get(r), constant(coefficient)),
      ...local.set(p),
    ]),
    // The low bits of n + 1.5 · 2⁵² are n in two's complement.
    [...local.get(at), ...local.get(n), ...constant(1.5 * 2 ** 52), ...f64x2.add],
    [...i32.const(52), ...i64x2.shl, ...local.get(p), ...i64x2.add],
    [...local.get(x), ...constant(-708), ...f64x2.lt, ...v128.andnot, ...v128.store(0)],
    [...local.get(at), ...i32.const(16), ...i32.add, ...local.set(at)],
    [...local.get(left), ...i32.const(1), ...i32.sub, ...local.tee(left)],
  ])
  return {
    name: 'expFloat64',
    parameters: 2,
    integers: 0,
    vectors: 4 + constants.length,
    body: [...constants.map((value, index) => [...v128.constFloat64(value), ...local.set(6 + index)]), loop],
  }
}
