import { f32x4, i32, local, repeatWhile, v128, type WasmFunction } from './wasm-assembler.ts'
import { advance, countDown } from './wasm-steps.ts'

/** Vectors added up on their own, so that no addition waits for the one before it. */
const chains = 4
/** Float32 values that `dotFloat32` takes at a time. */
export const dotStep: number = 4 * chains

/**
 * `dotFloat32` (list, count, steps, out): for each of `count` pairs of byte addresses from `list` on, the four partial sums, 16 bytes
 * at `out`, of the inner product of 16 · steps float32 from each address on. Counts are at least 1.
 */
export function dotFunction(fused: boolean): WasmFunction {
  const [list, count, steps, out] = [0, 1, 2, 3]
  const [a, b, left] = [4, 5, 6]
  const [sum0, sum1, sum2, sum3] = [7, 8, 9, 10]
  const sums = [sum0, sum1, sum2, sum3]
  return {
    name: 'dotFloat32',
    parameters: 4,
    integers: 3,
    vectors: chains,
    body: [
      repeatWhile([
        [...local.get(list), ...i32.load(0), ...local.set(a)],
        [...local.get(list), ...i32.load(4), ...local.set(b)],
        [...local.get(steps), ...local.set(left)],
        ...sums.map((sum) => [...v128.constFloat64(0), ...local.set(sum)]),
        repeatWhile([
          ...sums.map((sum, chain) => {
            const factors = [
              ...local.get(a),
              ...v128.load(16 * chain),
              ...local.get(b),
              ...v128.load(16 * chain),
            ]
            return fused
              ? [...factors, ...local.get(sum), ...f32x4.relaxedMadd, ...local.set(sum)]
              : [...local.get(sum), ...factors, ...f32x4.mul, ...f32x4.add, ...local.set(sum)]
          }),
          advance(a, i32.const(4 * dotStep)),
          advance(b, i32.const(4 * dotStep)),
          countDown(left),
        ]),
        [...local.get(out), ...local.get(sum0), ...local.get(sum1), ...f32x4.add],
        [...local.get(sum2), ...local.get(sum3), ...f32x4.add, ...f32x4.add, ...v128.store(0)],
        advance(list, i32.const(8)),
        advance(out, i32.const(16)),
        countDown(count),
      ]),
    ],
  }
}
