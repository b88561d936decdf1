import type { KernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import { rotatedColumns } from './wasm-eigen-code.ts'
import { symmetricKernel } from './symmetric-kernel.ts'

/** The rows of a matrix under plane rotations of neighbours, which are gathered and then applied to a few columns at a time. */
export interface RotatedRows {
  /**
   * Rotates rows (high − 1, high), then (high − 2, high − 1), … `count` times: each maps (above, below) to
   * (c above − s below, s above + c below).
   *
   * @param pairs cosine and sine of each rotation, in turn.
   */
  readonly sweep: (high: number, count: number, pairs: Float64Array) => void
  /** The rows of these indices as they are now. */
  readonly take: (indices: readonly number[]) => Matrix
}

/** Rotations that wait: with the columns they are applied to they stay in the second cache. */
const gathered = 8192

/** Starts from the n × n identity. */
export function rotatedRows(n: number, kernel: KernelName): RotatedRows {
  const panels = Math.ceil(n / rotatedColumns)
  const panelLength = n * rotatedColumns
  const capacity = Math.max(gathered, n)
  const pairsAt = panels * panelLength
  const { values, rotate } = symmetricKernel(kernel, pairsAt + 2 * capacity)
  values.fill(0, 0, pairsAt)
  for (let row = 0; row < n; row++) {
    const panel = Math.floor(row / rotatedColumns)
    values[panel * panelLength + row * rotatedColumns + (row % rotatedColumns)] = 1
  }
  const waiting: { readonly high: number; readonly count: number; readonly from: number }[] = []
  let used = 0
  const apply = () => {
    for (let panel = 0; panel < panels; panel++) {
      for (const { high, count, from } of waiting) {
        rotate(8 * (panel * panelLength + high * rotatedColumns), 8 * (pairsAt + 2 * from), count)
      }
    }
    waiting.length = 0
    used = 0
  }
  return {
    sweep: (high, count, pairs) => {
      if (count === 0) return
      if (used + count > capacity) apply()
      values.set(pairs.subarray(0, 2 * count), pairsAt + 2 * used)
      waiting.push({ high, count, from: used })
      used += count
    },
    take: (indices) => {
      apply()
      const rows = zeros(indices.length, n)
      indices.forEach((index, to) => {
        for (let column = 0; column < n; column++) {
          const panel = Math.floor(column / rotatedColumns)
          const at = panel * panelLength + index * rotatedColumns + (column % rotatedColumns)
          rows.data[to * n + column] = values[at] as number
        }
      })
      return rows
    },
  }
}
