import { type KernelName, kernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import type { PivotedCholesky } from './pivoted-cholesky.ts'
import { gramPanel } from './wasm-scatter-code.ts'
import { callsOn, canShare, jobsAtMost, type KernelCall, loopOf, ownCalls } from './second-thread.ts'
import { symmetricKernel } from './symmetric-kernel.ts'

/** Inner rows that are multiplied at a time. */
const rowBlock = 128
/** Below so many n² r a second thread is not worth waking. */
const secondThreadFrom = 2 ** 28

/**
 * Lᵀ s′ L (r × r) for the factor of another matrix a, with s′ the rows and columns of s in the order of its pivots: its eigenvalues are those
 * of a s that are not zero. Only the lower triangle is made, of what is not zero of L: n³ operations for r = n, where two whole products
 * take 4 n³. Zeros above.
 *
 * @param s n × n, symmetric; both triangles are read.
 * @param kernel default the fastest this engine can run; `plain` where the one asked for cannot run.
 */
export function congruence(
  { lower, order }: PivotedCholesky,
  s: Matrix,
  kernel: KernelName = kernelName(),
): Matrix {
  const n = lower.rows
  const rank = lower.columns
  const width = Math.ceil(n / gramPanel) * gramPanel
  const square = width * width
  // In the kernel's memory: s L, then Lᵀ s L, and of either factor two blocks in panels: one is packed while the other is multiplied.
  const blockLength = rowBlock * width
  const large = n * n * rank >= secondThreadFrom && canShare()
  const chosen = symmetricKernel(kernel, 2 * square + 4 * blockLength, large)
  const { values, shared } = chosen
  const calls = large && shared !== undefined ? callsOn({ ...shared, gram: chosen.gram }) : ownCalls(chosen)
  values.fill(0, 0, 2 * square + 4 * blockLength)
  const last = Math.ceil(rank / gramPanel)
  const stages: readonly Stage[] = [
    {
      // Of s L what stands on and below the diagonal.
      target: 0,
      packLeft: (row, to, depth) =>
        packGathered(values, s.data, (order[row] as number) * n, order, to, depth),
      packRight: (row, to, depth) => packRow(values, lower.data, row * rank, rank, to, depth),
      reached: () => width / gramPanel,
    },
    {
      target: square,
      packLeft: (row, to, depth) => packRow(values, lower.data, row * rank, rank, to, depth),
      packRight: (row, to, depth) => packRow(values, values, row * width, Math.min(row + 1, rank), to, depth),
      reached: (reach) => reach,
    },
  ]
  for (const { target, packLeft, packRight, reached } of stages) {
    for (let start = 0; start < n; start += rowBlock) {
      const depth = Math.min(rowBlock, n - start)
      const left = 2 * square + ((start / rowBlock) % 2) * 2 * blockLength
      const right = left + blockLength
      for (let step = 0; step < depth; step++) {
        packLeft(start + step, left + step * gramPanel, depth)
        packRight(start + step, right + step * gramPanel, depth)
      }
      // In these rows L reaches to their end.
      const reach = Math.min(last, Math.ceil((start + depth) / gramPanel))
      const jobs = jobsOf(reach, reached(reach), depth, left, right, target, width)
      for (let first = 0; first < jobs.length; first += jobsAtMost) {
        calls.finish()
        calls.begin(jobs.slice(first, first + jobsAtMost))
      }
    }
    calls.finish()
  }
  calls.end()
  const product = zeros(rank, rank)
  for (let row = 0; row < rank; row++) {
    product.data.set(values.subarray(square + row * width, square + row * width + row + 1), row * rank)
  }
  return product
}

/** One of the two products, in blocks of its inner rows. */
interface Stage {
  readonly target: number
  /** Write an inner row of either factor into its block, whose lanes at this step begin at `to`. */
  readonly packLeft: (row: number, to: number, depth: number) => void
  readonly packRight: (row: number, to: number, depth: number) => void
  /** Panels of the left factor that are not zero, where the right one has `reach`. */
  readonly reached: (reach: number) => number
}

/** A job for each panel of the right factor, with those of the left from the same one on: at and below the diagonal of the product. */
function jobsOf(
  panels: number,
  reached: number,
  depth: number,
  left: number,
  right: number,
  target: number,
  width: number,
): KernelCall[][] {
  return Array.from({ length: panels }, (_, panel) => {
    const at = panel * depth * gramPanel
    const to = target + panel * gramPanel * (width + 1)
    return [[loopOf('gram'), reached - panel, depth, 8 * (left + at), 8 * (right + at), 8 * to, 8 * width, 0]]
  })
}

/** `count` values from `from` on into the first panels, whose lanes at this step begin at `to`; zeros up to the panel's end. */
function packRow(
  values: Float64Array,
  source: Float64Array,
  from: number,
  count: number,
  to: number,
  depth: number,
): void {
  const padded = Math.ceil(count / gramPanel) * gramPanel
  for (let column = 0, at = to; column < padded; at += depth * gramPanel) {
    for (let lane = 0; lane < gramPanel; lane++, column++) {
      values[at + lane] = column < count ? (source[from + column] as number) : 0
    }
  }
}

/** The values from `from` on in that order, in the same way. */
function packGathered(
  values: Float64Array,
  source: Float64Array,
  from: number,
  order: Int32Array,
  to: number,
  depth: number,
): void {
  for (let column = 0, at = to; column < order.length; at += depth * gramPanel) {
    for (let lane = 0; lane < gramPanel && column < order.length; lane++, column++) {
      values[at + lane] = source[from + (order[column] as number)] as number
    }
  }
}
