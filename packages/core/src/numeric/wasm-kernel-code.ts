import {
  type Code,
  f32x4,
  f64x2,
  i32,
  i64x2,
  local,
  repeatWhile,
  v128,
  type WasmFunction,
} from './wasm-assembler.ts'

/** Rows of the register tile: 6 x 2 vectors of accumulators leave room for two of B and one of A in 16 registers. */
export const tileRows = 6

/** All functions of a kernel. */
export function kernelFunctions(fused: boolean): readonly WasmFunction[] {
  return [gemmFunction('float64', fused), gemmFunction('float32', fused), expFunction(fused)]
}

/**
 * `gemmFloat64` / `gemmFloat32` (rowPanels, columnPanels, k, a, b, c, rowStride): adds A · B to C.
 * A lies in panels of 6 rows (k x 6 each), B in panels of two vectors of columns (k x 4 or k x 8), all at byte
 * addresses; C is row-major with `rowStride` bytes between rows. Counts are at least 1.
 */
function gemmFunction(precision: 'float64' | 'float32', fused: boolean): WasmFunction {
  const bytes = precision === 'float64' ? 8 : 4
  const arithmetic = precision === 'float64' ? f64x2 : f32x4
  const splat = precision === 'float64' ? v128.load64Splat : v128.load32Splat
  const [rowPanels, columnPanels, k, a, b, c, rowStride] = [0, 1, 2, 3, 4, 5, 6]
  const [aAt, bAt, cRow, left, rowsLeft, cPanel, bPanel, cLoad] = [7, 8, 9, 10, 11, 12, 13, 14]
  const accumulator = (row: number, half: number) => 15 + 2 * row + half
  const [b0, b1, aValue] = [15 + 2 * tileRows, 16 + 2 * tileRows, 17 + 2 * tileRows]
  const rows = Array.from({ length: tileRows }, (_, row) => row)
  const advance = (pointer: number, by: Code): Code => [
    ...local.get(pointer),
    ...by,
    ...i32.add,
    ...local.set(pointer),
  ]
  const countDown = (counter: number): Code => [
    ...local.get(counter),
    ...i32.const(1),
    ...i32.sub,
    ...local.tee(counter),
  ]
  const multiplyAdd = (target: number, factor: number): Code =>
    fused
      ? [
          ...local.get(aValue),
          ...local.get(factor),
          ...local.get(target),
          ...arithmetic.relaxedMadd,
          ...local.set(target),
        ]
      : [
          ...local.get(target),
          ...local.get(aValue),
          ...local.get(factor),
          ...arithmetic.mul,
          ...arithmetic.add,
          ...local.set(target),
        ]
  const inner = repeatWhile([
    [...local.get(bAt), ...v128.load(0), ...local.set(b0)],
    [...local.get(bAt), ...v128.load(16), ...local.set(b1)],
    ...rows.flatMap((row) => [
      [...local.get(aAt), ...splat(row * bytes), ...local.set(aValue)],
      multiplyAdd(accumulator(row, 0), b0),
      multiplyAdd(accumulator(row, 1), b1),
    ]),
    advance(aAt, i32.const(tileRows * bytes)),
    advance(bAt, i32.const(32)),
    countDown(left),
  ])
  const tile: Code[] = [
    [...local.get(cRow), ...local.set(cLoad)],
    ...rows.flatMap((row) => [
      [...local.get(cLoad), ...v128.load(0), ...local.set(accumulator(row, 0))],
      [...local.get(cLoad), ...v128.load(16), ...local.set(accumulator(row, 1))],
      advance(cLoad, local.get(rowStride)),
    ]),
    [...local.get(bPanel), ...local.set(bAt)],
    [...local.get(k), ...local.set(left)],
    inner,
    ...rows.flatMap((row) => [
      [...local.get(cRow), ...local.get(accumulator(row, 0)), ...v128.store(0)],
      [...local.get(cRow), ...local.get(accumulator(row, 1)), ...v128.store(16)],
      advance(cRow, local.get(rowStride)),
    ]),
    countDown(rowsLeft),
  ]
  return {
    name: precision === 'float64' ? 'gemmFloat64' : 'gemmFloat32',
    parameters: 7,
    integers: 8,
    vectors: 2 * tileRows + 3,
    body: [
      [...local.get(b), ...local.set(bPanel)],
      [...local.get(c), ...local.set(cPanel)],
      repeatWhile([
        [...local.get(a), ...local.set(aAt)],
        [...local.get(cPanel), ...local.set(cRow)],
        [...local.get(rowPanels), ...local.set(rowsLeft)],
        repeatWhile(tile),
        advance(bPanel, [...local.get(k), ...i32.const(32), ...i32.mul]),
        advance(cPanel, i32.const(32)),
        countDown(columnPanels),
      ]),
    ],
  }
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
function expFunction(fused: boolean): WasmFunction {
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
