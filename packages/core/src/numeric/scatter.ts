import { type KernelName, kernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import type { Points } from './squared-distances.ts'
import { gramPanel } from './wasm-scatter-code.ts'
import { callsOn, canShare, jobsAtMost, type KernelCall, loopOf, ownCalls } from './second-thread.ts'
import { type SymmetricKernel, symmetricKernel } from './symmetric-kernel.ts'

export interface Scatter {
  /** Of the rows: d entries. Zeros without rows. */
  readonly mean: Float64Array
  /** Σ (x − mean) (x − mean)ᵀ over the rows x: d × d, exactly symmetric. */
  readonly scatter: Matrix
}

/** Rows that are multiplied at a time: two panels of them stay in the first cache. */
const rowBlock = 128
/** Blocks that are packed before they are multiplied, at most as many as a job has calls: the threads meet after each such stretch. */
const blocksAtOnce = 8
/** Below so many n d² a second thread is not worth its start. */
const secondThreadFrom = 2 ** 30

/**
 * Mean and scatter of n rows of d values, in float64 whatever the precision of the data. n d² / 2 multiplications: one triangle is
 * made, the other mirrored. In Node two threads share large ones; the result is the same to the bit.
 *
 * @param kernel default the fastest this engine can run; `plain` where the one asked for cannot run.
 */
export function scatterOf(points: Points, kernel: KernelName = kernelName()): Scatter {
  const { rows, columns } = points
  if (columns === 0) return { mean: new Float64Array(0), scatter: zeros(0, 0) }
  const panels = Math.ceil(columns / gramPanel)
  const width = panels * gramPanel
  // In the kernel's memory: the product, the mean, rows as they are, and twice rows in panels: some are packed while others are multiplied.
  const meanAt = width * width
  const rowsAt = meanAt + width
  const packedAt = rowsAt + rowBlock * width
  const stretch = blocksAtOnce * rowBlock * width
  const length = packedAt + Math.min(2 * stretch, Math.ceil(rows / rowBlock) * rowBlock * width)
  // Asked for before it is needed, a second thread starts meanwhile.
  const large = rows * columns * columns >= secondThreadFrom && canShare()
  const chosen = symmetricKernel(kernel, length, large)
  const { shared } = chosen
  const calls = large && shared !== undefined ? callsOn({ ...shared, gram: chosen.gram }) : ownCalls(chosen)
  const { values } = chosen
  values.fill(0, 0, packedAt)
  const { addRow, packRow, copyRows, bytes } = rowsIn(points, chosen, width, rowsAt)
  for (let row = 0; row < rows; row += rowBlock) {
    const depth = copyRows(row)
    for (let step = 0; step < depth; step++) addRow(panels, 8 * rowsAt + step * width * bytes, 8 * meanAt)
  }
  for (let column = 0; column < columns && rows > 0; column++) {
    values[meanAt + column] = (values[meanAt + column] as number) / rows
  }
  let packed = packedAt
  let depths: number[] = []
  for (let row = 0; row < rows; row += rowBlock) {
    const depth = copyRows(row)
    const to = packed + depths.length * rowBlock * width
    for (let step = 0; step < depth; step++) {
      const from = 8 * rowsAt + step * width * bytes
      packRow(panels, from, 8 * meanAt, 8 * (to + step * gramPanel), 8 * depth * gramPanel)
    }
    depths.push(depth)
    if (depths.length < blocksAtOnce && row + rowBlock < rows) continue
    const jobs = jobsOf(panels, depths, packed)
    for (let first = 0; first < jobs.length; first += jobsAtMost) {
      calls.finish()
      calls.begin(jobs.slice(first, first + jobsAtMost))
    }
    depths = []
    packed = packed === packedAt ? packedAt + stretch : packedAt
  }
  calls.finish()
  calls.end()
  return { mean: values.slice(meanAt, meanAt + columns), scatter: mirrored(values, width, columns) }
}

/** The products of the packed blocks, a job for each of the product's panels of columns: it takes the blocks in order. */
function jobsOf(panels: number, depths: readonly number[], packedAt: number): KernelCall[][] {
  const width = panels * gramPanel
  return Array.from({ length: panels }, (_, panel) =>
    depths.map((depth, block): KernelCall => {
      const at = 8 * (packedAt + block * rowBlock * width + panel * depth * gramPanel)
      return [
        loopOf('gram'),
        panels - panel,
        depth,
        at,
        at,
        8 * panel * gramPanel * (width + 1),
        8 * width,
        0,
      ]
    }),
  )
}

/** How rows get into the kernel's memory and on from there: each `width` long, with zeros behind the columns. */
function rowsIn({ rows, columns, data }: Points, kernel: SymmetricKernel, width: number, rowsAt: number) {
  const { buffer } = kernel.values
  const single = data instanceof Float32Array
  const bytes = single ? 4 : 8
  const staged = single
    ? new Float32Array(buffer, 8 * rowsAt, rowBlock * width)
    : new Float64Array(buffer, 8 * rowsAt, rowBlock * width)
  return {
    bytes,
    addRow: single ? kernel.addRow32 : kernel.addRow64,
    packRow: single ? kernel.packRow32 : kernel.packRow64,
    /** Copies the block from `row` on, and returns its number of rows. */
    copyRows: (row: number): number => {
      const depth = Math.min(rowBlock, rows - row)
      if (columns === width) {
        staged.set(data.subarray(row * columns, (row + depth) * columns))
      } else {
        for (let step = 0; step < depth; step++) {
          staged.set(data.subarray((row + step) * columns, (row + step + 1) * columns), step * width)
        }
      }
      return depth
    },
  }
}

/** Rows and columns that are mirrored at a time, so that both sides stay in cache. */
const mirroredBlock = 32

/** The leading `size` rows and columns of a matrix of which there is the lower triangle. */
function mirrored(lower: Float64Array, stride: number, size: number): Matrix {
  const { data } = zeros(size, size)
  for (let top = 0; top < size; top += mirroredBlock) {
    const bottom = Math.min(size, top + mirroredBlock)
    for (let left = 0; left <= top; left += mirroredBlock) {
      for (let row = top; row < bottom; row++) {
        const right = Math.min(row + 1, left + mirroredBlock)
        for (let column = left; column < right; column++) {
          const value = lower[row * stride + column] as number
          data[row * size + column] = value
          data[column * size + row] = value
        }
      }
    }
  }
  return { rows: size, columns: size, data }
}
