import { axpy } from './axpy.ts'
import { dot } from './dot.ts'
import { exponentials } from './exponentials.ts'
import { rotatedColumns } from './wasm-eigen-code.ts'
import { gramPanel } from './wasm-scatter-code.ts'
import type { SymmetricKernel } from './symmetric-kernel.ts'

/** What the functions of `wasm-scatter-code.ts`, `wasm-panel-code.ts` and `wasm-eigen-code.ts` do, in plain TypeScript. */
export function plainSymmetricKernel(values: Float64Array): SymmetricKernel {
  const singles = new Float32Array(values.buffer)
  const addRow =
    (from: Float64Array | Float32Array) =>
    (panels: number, source: number, sums: number): void => {
      const start = source / from.BYTES_PER_ELEMENT
      for (let index = 0; index < panels * gramPanel; index++) {
        values[sums / 8 + index] = (values[sums / 8 + index] as number) + (from[start + index] as number)
      }
    }
  const packRow =
    (from: Float64Array | Float32Array) =>
    (panels: number, source: number, shift: number, target: number, panelBytes: number): void => {
      for (let panel = 0; panel < panels; panel++) {
        const start = source / from.BYTES_PER_ELEMENT + panel * gramPanel
        const less = shift / 8 + panel * gramPanel
        const to = (target + panel * panelBytes) / 8
        for (let index = 0; index < gramPanel; index++) {
          values[to + index] = (from[start + index] as number) - (values[less + index] as number)
        }
      }
    }
  return {
    values,
    addRow32: addRow(singles),
    addRow64: addRow(values),
    packRow32: packRow(singles),
    packRow64: packRow(values),
    gram: (panels, depth, a, b, c, rowStride) => {
      for (let panel = 0; panel < panels; panel++) {
        for (let row = 0; row < gramPanel; row++) {
          const aAt = a / 8 + panel * depth * gramPanel + row
          const cAt = c / 8 + ((panel * gramPanel + row) * rowStride) / 8
          addProducts(values, depth, aAt, b / 8, cAt)
        }
      }
    },
    reduce: (pairs, vectors, entries, rowStride, v, w, next, product, sums) => {
      const arrays = [v / 8, w / 8, next / 8, product / 8] as const
      for (let row = 0; row < 2 * pairs; row++) {
        const before = 2 * vectors + (row & ~1)
        const sumAt = sums / 8 + 2 * row
        values[sumAt] = reduceRow(
          values,
          entries / 8 + (row * rowStride) / 8,
          before,
          before + (row & 1),
          ...arrays,
        )
        values[sumAt + 1] = 0
      }
    },
    rotate: (row, pairs, count) => {
      for (let rotation = 0; rotation < count; rotation++) {
        const cosine = values[pairs / 8 + 2 * rotation] as number
        const sine = values[pairs / 8 + 2 * rotation + 1] as number
        const lower = row / 8 - rotation * rotatedColumns
        for (let at = lower; at < lower + rotatedColumns; at++) {
          const above = values[at - rotatedColumns] as number
          const below = values[at] as number
          values[at] = sine * above + cosine * below
          values[at - rotatedColumns] = cosine * above - sine * below
        }
      }
    },
    panelDots: (panels, rows, vector, a, dots) => {
      for (let panel = 0, at = a / 8; panel < panels; panel++) {
        for (let row = 0; row < rows; row++, at += gramPanel) {
          const sumAt = dots / 8 + 2 * row
          const sum = dot(values, values, gramPanel, at, vector / 8 + panel * gramPanel)
          values[sumAt] = (values[sumAt] as number) + sum
        }
      }
    },
    panelSums: (panels, rows, factors, a, sums) => {
      for (let panel = 0, at = a / 8; panel < panels; panel++) {
        for (let row = 0; row < rows; row++, at += gramPanel) {
          const factor = values[factors / 8 + row] as number
          axpy(factor, values, values, gramPanel, at, sums / 8 + panel * gramPanel)
        }
      }
    },
    panelScale: (panels, rows, factors, a, target) => {
      for (let panel = 0, at = a / 8, to = target / 8; panel < panels; panel++) {
        for (let row = 0; row < rows; row++) {
          const factor = values[factors / 8 + row] as number
          for (const end = at + gramPanel; at < end; at++, to++) values[to] = factor * (values[at] as number)
        }
      }
    },
    expFloat64: (address, pairs) => {
      exponentials(values, address / 8, address / 8 + 2 * pairs, 'plain')
    },
  }
}

/** One row of C: products of a column of A with the 12 of B, four at a time. */
function addProducts(values: Float64Array, depth: number, a: number, b: number, c: number): void {
  for (let column = 0; column < gramPanel; column += 4) {
    let c0 = values[c + column] as number
    let c1 = values[c + column + 1] as number
    let c2 = values[c + column + 2] as number
    let c3 = values[c + column + 3] as number
    for (let step = 0, at = 0; step < depth; step++, at += gramPanel) {
      const factor = values[a + at] as number
      c0 += factor * (values[b + at + column] as number)
      c1 += factor * (values[b + at + column + 1] as number)
      c2 += factor * (values[b + at + column + 2] as number)
      c3 += factor * (values[b + at + column + 3] as number)
    }
    values[c + column] = c0
    values[c + column + 1] = c1
    values[c + column + 2] = c2
    values[c + column + 3] = c3
  }
}

/** Updates the entries of one row, adds to `product` what is before the block on the diagonal, and returns the row's own sum. */
function reduceRow(
  values: Float64Array,
  entries: number,
  before: number,
  own: number,
  v: number,
  w: number,
  next: number,
  product: number,
): number {
  const vr = values[v + own] as number
  const wr = values[w + own] as number
  const nr = values[next + own] as number
  let sum = 0
  for (let column = 0; column < before + 2; column++) {
    const entry =
      (values[entries + column] as number) +
      wr * (values[v + column] as number) +
      vr * (values[w + column] as number)
    values[entries + column] = entry
    sum += entry * (values[next + column] as number)
    if (column < before) values[product + column] = (values[product + column] as number) + entry * nr
  }
  return sum
}
