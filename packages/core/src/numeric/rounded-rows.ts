import { wasmKernelWith } from './kernel.ts'
import { callsAtMost, callsOn, canShare, type KernelCall } from './second-thread.ts'
import type { Points } from './squared-distances.ts'
import { dotStep } from './wasm-dot-code.ts'
import { int16TileRows } from './wasm-gemm-code.ts'

/**
 * Rows at unit length, rounded to int16, whose inner products the kernel computes in integers: about 1.6 times as fast as in float32.
 * Beside them stand the same rows in float32, for the few pairs where that is too coarse.
 */
export interface RoundedRows {
  readonly rows: number
  /** No product times `unit` is farther than this from the cosine of its rows. */
  readonly error: number
  readonly unit: number
  /**
   * Visits the products of `roundedBlock` rows or fewer from `rowStart` on with as many from `columnStart` on, for all pairs of rows once:
   * entry (i, j) at offset + i · roundedBlock + j of `values`, overwritten after the visit. Where both starts are equal, only the entries
   * with i < j are meant.
   */
  readonly forEachBlock: (
    visit: (rowStart: number, columnStart: number, values: Int32Array, offset: number) => void,
  ) => void
  /**
   * The cosines of one row with the rows `start` + `others[index]` for the first `count` of `others`, at most `roundedBlock`, all within
   * `closerError`; overwritten by the next call.
   */
  readonly closer: (row: number, start: number, others: Int32Array, count: number) => Float32Array
  readonly closerError: number
}

/** Rows whose products are taken at once. */
export const roundedBlock = 512
/** Most that 1 may be rounded to, for entries to fit int16 and sums of products int32. */
const largestEntry = 32_767
const largestLength = 46_300
/** Rows of the left factor that stay in cache while the right one passes by. */
const stripRows = 128
const lanes = 8
/** Pairs of int16 along the inner dimension at a time, where that makes no more calls than a job may have. */
const innerBlockAtLeast = 512
/** Below this many multiplications a second thread is not worth waking. */
const muchWork = 2 ** 30
/** int32 of one block's products; two blocks lie in memory, one to be looked at and one in the making. */
const blockLength = roundedBlock ** 2

/**
 * Undefined where the plain kernel runs or there is no memory for it.
 *
 * @param norms the rows' lengths, none 0.
 * @param shared whether a second thread helps, where there is one; what is computed is the same. Default where it is worth it.
 */
export function roundedRows(
  points: Points,
  norms: Float64Array,
  shared: boolean = points.rows ** 2 * points.columns >= muchWork,
): RoundedRows | undefined {
  const { rows } = points
  const padded = Math.ceil(rows / lanes) * lanes
  const columns = Math.ceil(points.columns / dotStep) * dotStep
  const pairs = columns / 2
  // In bytes: products, addresses and sums of `closer`, left and right panels, float32 rows.
  const listAt = 2 * blockLength * 4
  const sumsAt = listAt + roundedBlock * 8
  const leftAt = sumsAt + roundedBlock * 16
  const rightAt = leftAt + padded * pairs * 4
  const floatsAt = rightAt + padded * pairs * 4
  const innerBlock = Math.max(innerBlockAtLeast, Math.ceil(pairs / callsAtMost))
  const kernel = wasmKernelWith(Math.ceil((floatsAt + rows * columns * 4) / 65536), shared && canShare())
  if (kernel === undefined) return undefined
  const { buffer } = kernel.memory
  const floats = new Float32Array(buffer, floatsAt, rows * columns)
  const integers = new Int32Array(buffer)
  const list = new Uint32Array(buffer, listAt, roundedBlock * 2)
  const sums = new Float32Array(buffer, sumsAt, roundedBlock * 4)
  const left = new Int32Array(buffer, leftAt, padded * pairs)
  const right = new Int32Array(buffer, rightAt, padded * pairs)
  const one = Math.min(largestLength, largestEntry / largestOf(points, norms))
  const error = pack(points, norms, one, innerBlock, left, right, floats)
  /** The products of two blocks, a job for each strip of rows. */
  const jobsOf = (rowStart: number, columnStart: number, at: number): KernelCall[][] => {
    const jobs: KernelCall[][] = []
    const rowEnd = Math.min(roundedBlock, padded - rowStart)
    const panels = Math.min(roundedBlock, padded - columnStart) / lanes
    for (let strip = 0; strip < rowEnd; strip += stripRows) {
      const skipped = rowStart === columnStart ? strip : 0
      const calls: KernelCall[] = []
      for (let inner = 0; inner < pairs; inner += innerBlock) {
        const depth = Math.min(innerBlock, pairs - inner)
        calls.push([
          2,
          Math.min(stripRows, rowEnd - strip) / int16TileRows,
          panels - skipped / lanes,
          depth,
          leftAt + 4 * (inner * padded + (rowStart + strip) * depth),
          rightAt + 4 * (inner * padded + (columnStart + skipped) * depth),
          4 * (at + strip * roundedBlock + skipped),
          4 * roundedBlock,
        ])
      }
      jobs.push(calls)
    }
    return jobs
  }
  const cosines = new Float32Array(roundedBlock)
  return {
    rows,
    error: error * (2 + error),
    unit: 1 / one ** 2,
    forEachBlock(visit) {
      const starts = blockStarts(rows)
      if (starts.length === 0) return
      const calls = callsOn(kernel)
      const begin = (index: number): void => {
        const [rowStart, columnStart] = starts[index] as readonly [number, number]
        const at = (index % 2) * blockLength
        integers.fill(0, at, at + blockLength)
        calls.begin(jobsOf(rowStart, columnStart, at))
      }
      try {
        begin(0)
        for (const [index, [rowStart, columnStart]] of starts.entries()) {
          calls.finish()
          if (index + 1 < starts.length) begin(index + 1)
          visit(rowStart, columnStart, integers, (index % 2) * blockLength)
        }
      } finally {
        calls.finish()
        calls.end()
      }
    },
    closer(row, start, others, count) {
      if (count === 0) return cosines
      for (let index = 0; index < count; index++) {
        list[2 * index] = floatsAt + row * columns * 4
        list[2 * index + 1] = floatsAt + (start + (others[index] as number)) * columns * 4
      }
      kernel.dotFloat32(listAt, count, columns / dotStep, sumsAt)
      for (let index = 0; index < count; index++) {
        const at = 4 * index
        cosines[index] =
          (sums[at] as number) +
          (sums[at + 1] as number) +
          ((sums[at + 2] as number) + (sums[at + 3] as number))
      }
      return cosines
    },
    // Each chain of sums is columns / 16 long; the rows themselves are rounded too.
    closerError: (columns / dotStep + 12) * 2 ** -24,
  }
}

/** The first row and column of each block on or above the diagonal. */
function blockStarts(rows: number): readonly (readonly [number, number])[] {
  const starts: [number, number][] = []
  for (let row = 0; row < rows; row += roundedBlock) {
    for (let column = row; column < rows; column += roundedBlock) starts.push([row, column])
  }
  return starts
}

/** The largest magnitude of an entry of the rows at unit length. */
function largestOf({ rows, columns, data }: Points, norms: Float64Array): number {
  let largest = 0
  for (let row = 0; row < rows; row++) {
    let most = 0
    for (let at = row * columns, end = at + columns; at < end; at++)
      most = Math.max(most, Math.abs(data[at] as number))
    largest = Math.max(largest, most / (norms[row] as number))
  }
  return largest
}

/**
 * Writes the rows times `one` in panels of the left and of the right factor, an int32 for two neighbours, and the unit rows in float32.
 * Returns the greatest length, over rows, of what rounding took away from a unit row.
 */
function pack(
  { rows, columns, data }: Points,
  norms: Float64Array,
  one: number,
  innerBlock: number,
  left: Int32Array,
  right: Int32Array,
  floats: Float32Array,
): number {
  const width = floats.length / rows
  const padded = (2 * left.length) / width
  const unit = new Float64Array(width)
  let worst = 0
  for (let row = 0; row < rows; row++) {
    const factor = 1 / (norms[row] as number)
    for (let column = 0; column < columns; column++)
      unit[column] = (data[row * columns + column] as number) * factor
    floats.set(unit, row * width)
    const [leftLine, rightLine] = [row % int16TileRows, row % lanes]
    let squares = 0
    for (let inner = 0; 2 * inner < width; inner += innerBlock) {
      const depth = Math.min(innerBlock, width / 2 - inner)
      let leftAt = inner * padded + (row - leftLine) * depth + leftLine
      let rightAt = inner * padded + (row - rightLine) * depth + rightLine
      for (let at = 2 * inner, end = at + 2 * depth; at < end; at += 2) {
        const x0 = (unit[at] as number) * one
        const x1 = (unit[at + 1] as number) * one
        // To the nearest integer: what is truncated is positive.
        const q0 = ((x0 + largestEntry + 0.5) | 0) - largestEntry
        const q1 = ((x1 + largestEntry + 0.5) | 0) - largestEntry
        squares += (x0 - q0) * (x0 - q0) + (x1 - q1) * (x1 - q1)
        const both = (q0 & 0xffff) | (q1 << 16)
        left[leftAt] = both
        right[rightAt] = both
        leftAt += int16TileRows
        rightAt += lanes
      }
    }
    worst = Math.max(worst, Math.sqrt(squares) / one)
  }
  return worst
}
