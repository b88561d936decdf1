import { type Code, f64x2, i32, local, repeatWhile, v128, type WasmFunction } from './wasm-assembler.ts'
import { gramPanel } from './wasm-scatter-code.ts'
import { advance, countDown, multiplyAdd } from './wasm-steps.ts'

const bytes = 8
const pairs = Array.from({ length: gramPanel / 2 }, (_, pair) => pair)
const panelStep = i32.const(gramPanel * bytes)

/**
 * `panelDots` (panels, rows, vector, a, dots): adds to the two float64 a row at `dots` two partial sums of the row's inner product with
 * `vector`. A is float64 in panels of 12 columns (rows x 12 each, one after the other), as `gram` takes them. Counts are at least 1.
 */
export function panelDotsFunction(fused: boolean): WasmFunction {
  const [panels, rows, vector, a, dots, left, at] = [0, 1, 2, 3, 4, 5, 6]
  const [sum, entries] = [7, 8]
  return {
    name: 'panelDots',
    parameters: 5,
    integers: 2,
    vectors: 1 + pairs.length,
    body: [
      repeatWhile([
        ...pairs.map((pair) => [...local.get(vector), ...v128.load(16 * pair), ...local.set(entries + pair)]),
        [...local.get(rows), ...local.set(left), ...local.get(dots), ...local.set(at)],
        repeatWhile([
          [...local.get(at), ...v128.load(0), ...local.set(sum)],
          ...pairs.map((pair) => {
            const entry = [...local.get(a), ...v128.load(16 * pair)]
            return [
              ...multiplyAdd(fused, entry, local.get(entries + pair), local.get(sum)),
              ...local.set(sum),
            ]
          }),
          [...local.get(at), ...local.get(sum), ...v128.store(0)],
          advance(at, i32.const(16)),
          advance(a, panelStep),
          countDown(left),
        ]),
        advance(vector, panelStep),
        countDown(panels),
      ]),
    ],
  }
}

/** `panelSums` (panels, rows, factors, a, sums): adds to `sums` the rows of A, panels as for `panelDots`, each times its factor. */
export function panelSumsFunction(fused: boolean): WasmFunction {
  const [panels, rows, factors, a, sums, left, at] = [0, 1, 2, 3, 4, 5, 6]
  const [factor, entries] = [7, 8]
  return {
    name: 'panelSums',
    parameters: 5,
    integers: 2,
    vectors: 1 + pairs.length,
    body: [
      repeatWhile([
        ...pairs.map((pair) => [...local.get(sums), ...v128.load(16 * pair), ...local.set(entries + pair)]),
        [...local.get(rows), ...local.set(left), ...local.get(factors), ...local.set(at)],
        repeatWhile([
          [...local.get(at), ...v128.load64Splat(0), ...local.set(factor)],
          ...pairs.map((pair) => {
            const entry = [...local.get(a), ...v128.load(16 * pair)]
            const onto = multiplyAdd(fused, entry, local.get(factor), local.get(entries + pair))
            return [...onto, ...local.set(entries + pair)]
          }),
          advance(at, i32.const(bytes)),
          advance(a, panelStep),
          countDown(left),
        ]),
        ...pairs.map((pair) => [...local.get(sums), ...local.get(entries + pair), ...v128.store(16 * pair)]),
        advance(sums, panelStep),
        countDown(panels),
      ]),
    ],
  }
}

/** `panelScale` (panels, rows, factors, a, target): writes the rows of A, panels as for `panelDots`, each times its factor. */
export function panelScaleFunction(): WasmFunction {
  const [panels, rows, factors, a, target, left, at] = [0, 1, 2, 3, 4, 5, 6]
  const factor = 7
  return {
    name: 'panelScale',
    parameters: 5,
    integers: 2,
    vectors: 1,
    body: [
      repeatWhile([
        [...local.get(rows), ...local.set(left), ...local.get(factors), ...local.set(at)],
        repeatWhile([
          [...local.get(at), ...v128.load64Splat(0), ...local.set(factor)],
          ...pairs.map((pair): Code => {
            const entry = [...local.get(a), ...v128.load(16 * pair)]
            return [
              ...local.get(target),
              ...entry,
              ...local.get(factor),
              ...f64x2.mul,
              ...v128.store(16 * pair),
            ]
          }),
          advance(at, i32.const(bytes)),
          advance(a, panelStep),
          advance(target, panelStep),
          countDown(left),
        ]),
        countDown(panels),
      ]),
    ],
  }
}
