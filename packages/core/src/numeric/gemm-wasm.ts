import { kernelMemoryPages, type WasmKernel } from './kernel.ts'
import { tileRows } from './wasm-gemm-code.ts'

type Values = Float64Array | Float32Array

/** Rows of A, inner dimension and columns of B that are packed at a time: A's block and B's panel stay in cache. */
const rowBlock = 192
export const innerBlock = 256
const columnBlock = 512
/** Rows of C that the kernel adds up in its own memory before they are copied out. */
const groupRows = 10 * rowBlock

/** Where A's block, B's panel and C's block lie, in values of a kernel's memory. */
const bAt = rowBlock * innerBlock
const cAt = bAt + innerBlock * columnBlock
if ((cAt + groupRows * columnBlock) * 8 > kernelMemoryPages * 65536)
  throw new RangeError('blocks exceed the kernel memory')

/**
 * c (m × n) = op(a) (m × k) · op(b) (k × n), or added to c where `accumulate`, on a WebAssembly kernel in the precision of `c`.
 * a is stored k × m where `transposeA`, b is stored n × k where `transposeB`.
 */
export function gemmWasm(
  kernel: WasmKernel,
  m: number,
  n: number,
  k: number,
  a: Values,
  transposeA: boolean,
  b: Values,
  transposeB: boolean,
  c: Values,
  accumulate: boolean,
): void {
  const double = c instanceof Float64Array
  const bytes = double ? 8 : 4
  const lanes = 32 / bytes
  const { buffer } = kernel.memory
  const memory = double ? new Float64Array(buffer) : new Float32Array(buffer)
  const run = double ? kernel.gemmFloat64 : kernel.gemmFloat32
  for (let column = 0; column < n; column += columnBlock) {
    const columns = Math.min(columnBlock, n - column)
    const columnPanels = Math.ceil(columns / lanes)
    const stride = columnPanels * lanes
    for (let group = 0; group < m; group += groupRows) {
      const groupEnd = Math.min(m, group + groupRows)
      memory.fill(0, cAt, cAt + Math.ceil((groupEnd - group) / tileRows) * tileRows * stride)
      for (let inner = 0; inner < k; inner += innerBlock) {
        const depth = Math.min(innerBlock, k - inner)
        pack(b, transposeB ? k : 1, transposeB ? 1 : n, column, columns, inner, depth, memory, bAt, lanes)
        for (let row = group; row < groupEnd; row += rowBlock) {
          const rows = Math.min(rowBlock, groupEnd - row)
          pack(a, transposeA ? 1 : k, transposeA ? m : 1, row, rows, inner, depth, memory, 0, tileRows)
          const into = cAt + (row - group) * stride
          run(Math.ceil(rows / tileRows), columnPanels, depth, 0, bAt * bytes, into * bytes, stride * bytes)
        }
      }
      copyOut(memory, stride, c, n, group, groupEnd, column, columns, accumulate)
    }
  }
}

function copyOut(
  memory: Values,
  stride: number,
  c: Values,
  n: number,
  start: number,
  end: number,
  column: number,
  columns: number,
  accumulate: boolean,
): void {
  for (let row = start; row < end; row++) {
    let from = cAt + (row - start) * stride
    let to = row * n + column
    if (accumulate) {
      for (const last = to + columns; to < last; to++, from++)
        c[to] = (c[to] as number) + (memory[from] as number)
    } else if (columns < 32) {
      for (const last = to + columns; to < last; to++, from++) c[to] = memory[from] as number
    } else c.set(memory.subarray(from, from + columns), to)
  }
}

/**
 * Copies lines [first, first + count) of a matrix into panels of `width` lines, interleaved along the inner dimension and
 * padded with zeros. Element (line, inner) lies at line · lineStride + inner · innerStride.
 */
export function pack(
  source: Values,
  lineStride: number,
  innerStride: number,
  first: number,
  count: number,
  inner: number,
  depth: number,
  target: Values,
  start: number,
  width: number,
): void {
  for (let panel = 0; panel < count; panel += width) {
    const base = start + panel * depth
    const lines = Math.min(width, count - panel)
    const from = (first + panel) * lineStride + inner * innerStride
    if (lines < width) target.fill(0, base, base + width * depth)
    if (innerStride === 1) {
      // Two lines at a time, and the last alone where their number is odd.
      for (let line = 0; line < lines; line += 2) {
        const next = line + 1 < lines ? 1 : 0
        let at = from + line * lineStride
        let below = at + next * lineStride
        for (let to = base + line, end = to + depth * width; to < end; to += width) {
          target[to + next] = source[below++] as number
          target[to] = source[at++] as number
        }
      }
    } else {
      for (let step = 0; step < depth; step++) {
        const at = from + step * innerStride
        const to = base + step * width
        for (let line = 0; line < lines; line++) target[to + line] = source[at + line] as number
      }
    }
  }
}
