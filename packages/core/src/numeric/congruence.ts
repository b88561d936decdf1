import { type KernelName, kernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import type { PivotedCholesky } from './pivoted-cholesky.ts'
import { gramPanel } from './wasm-scatter-code.ts'
import { type SymmetricKernel, symmetricKernel } from './symmetric-kernel.ts'

/** Inner rows that are multiplied at a time. */
const rowBlock = 128

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
  // In the kernel's memory: s L, then Lᵀ s L, and one block of each factor in panels.
  const { values, gram } = symmetricKernel(kernel, 2 * square + 2 * rowBlock * width)
  const blockAt = 2 * square
  const otherAt = blockAt + rowBlock * width
  values.fill(0, 0, otherAt + rowBlock * width)
  const last = Math.ceil(rank / gramPanel)
  for (let start = 0; start < n; start += rowBlock) {
    const depth = Math.min(rowBlock, n - start)
    for (let step = 0; step < depth; step++) {
      const row = start + step
      const from = s.data.subarray((order[row] as number) * n, ((order[row] as number) + 1) * n)
      packGathered(values, from, order, blockAt + step * gramPanel, depth)
      packRow(values, lower.data, row * rank, rank, otherAt + step * gramPanel, depth)
    }
    // Of s L what stands on and below the diagonal; in these rows L reaches to their end.
    const reach = Math.min(last, Math.ceil((start + depth) / gramPanel))
    for (let panel = 0; panel < reach; panel++) {
      multiplyPanels(gram, panel, width / gramPanel - panel, depth, blockAt, otherAt, 0, width)
    }
  }
  for (let start = 0; start < n; start += rowBlock) {
    const depth = Math.min(rowBlock, n - start)
    for (let step = 0; step < depth; step++) {
      const row = start + step
      packRow(values, lower.data, row * rank, rank, blockAt + step * gramPanel, depth)
      packRow(values, values, row * width, Math.min(row + 1, rank), otherAt + step * gramPanel, depth)
    }
    const reach = Math.min(last, Math.ceil((start + depth) / gramPanel))
    for (let panel = 0; panel < reach; panel++) {
      multiplyPanels(gram, panel, reach - panel, depth, blockAt, otherAt, square, width)
    }
  }
  const product = zeros(rank, rank)
  for (let row = 0; row < rank; row++) {
    product.data.set(values.subarray(square + row * width, square + row * width + row + 1), row * rank)
  }
  return product
}

/** Panel `panel` of B with `count` panels of A from the same one on, at and below the diagonal of C. */
function multiplyPanels(
  gram: SymmetricKernel['gram'],
  panel: number,
  count: number,
  depth: number,
  a: number,
  b: number,
  c: number,
  width: number,
): void {
  const at = panel * depth * gramPanel
  gram(count, depth, 8 * (a + at), 8 * (b + at), 8 * (c + panel * gramPanel * (width + 1)), 8 * width)
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

function packGathered(
  values: Float64Array,
  source: Float64Array,
  order: Int32Array,
  to: number,
  depth: number,
): void {
  for (let column = 0, at = to; column < order.length; at += depth * gramPanel) {
    for (let lane = 0; lane < gramPanel && column < order.length; lane++, column++) {
      values[at + lane] = source[order[column] as number] as number
    }
  }
}
