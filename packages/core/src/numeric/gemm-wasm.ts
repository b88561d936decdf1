import { kernelMemoryPages, type WasmKernel, wasmKernelWith } from './kernel.ts'
import { tileRows } from './wasm-gemm-code.ts'

type Values = Float64Array | Float32Array

/** Rows of A and inner dimension that are packed at a time, and the columns of B: A's block and B's panel stay in cache. */
const rowBlock = 192
const innerBlock = 256
const columnBlock = 512
/** Rows of C that the kernel adds up in its own memory before they are copied out. */
export const groupRows: number = 10 * rowBlock

/** Where B's panel, C's group and A's block begin, in float64 values of a kernel's memory. */
const cAt = innerBlock * columnBlock
const aAt = cAt + groupRows * columnBlock
if ((aAt + rowBlock * innerBlock) * 8 > kernelMemoryPages * 65536) throw new RangeError('blocks exceed the kernel memory')

/** The rows of a matrix laid out for the kernel, in a kernel memory of their own. */
export interface PackedRows {
  readonly kernel: WasmKernel
  /** Row from which they are taken, a multiple of `groupRows`. */
  readonly start: number
}

/**
 * c (m × n) = op(a) (m × k) · op(b) (k × n), or added to c where `accumulate`, on a WebAssembly kernel in the precision of `c`.
 * a is stored k × m where `transposeA`, b is stored n × k where `transposeB`. `packed` is what `packRows` made of a, to save doing it again.
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
  packed?: PackedRows,
): void {
  const double = c instanceof Float64Array
  const bytes = double ? 8 : 4
  const lanes = 32 / bytes
  const { memory: own, gemmFloat64, gemmFloat32 } = packed?.kernel ?? kernel
  const memory = double ? new Float64Array(own.buffer) : new Float32Array(own.buffer)
  const run = double ? gemmFloat64 : gemmFloat32
  for (let column = 0; column < n; column += columnBlock) {
    const columns = Math.min(columnBlock, n - column)
    const columnPanels = Math.ceil(columns / lanes)
    const stride = columnPanels * lanes
    let from = aAt + (packed?.start ?? 0) * k
    for (let group = 0; group < m; group += groupRows) {
      const groupEnd = Math.min(m, group + groupRows)
      memory.fill(0, cAt, cAt + Math.ceil((groupEnd - group) / tileRows) * tileRows * stride)
      for (let inner = 0; inner < k; inner += innerBlock) {
        const depth = Math.min(innerBlock, k - inner)
        pack(b, transposeB ? k : 1, transposeB ? 1 : n, column, columns, inner, depth, memory, 0, lanes)
        for (let row = group; row < groupEnd; row += rowBlock) {
          const rows = Math.min(rowBlock, groupEnd - row)
          if (packed === undefined)
            pack(a, transposeA ? 1 : k, transposeA ? m : 1, row, rows, inner, depth, memory, aAt, tileRows)
          const into = cAt + (row - group) * stride
          const panels = Math.ceil(rows / tileRows)
          run(panels, columnPanels, depth, from * bytes, 0, into * bytes, stride * bytes)
          if (packed !== undefined) from += panels * tileRows * depth
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
      for (const last = to + columns; to < last; to++, from++) c[to] = (c[to] as number) + (memory[from] as number)
    } else if (columns < 32) {
      for (const last = to + columns; to < last; to++, from++) c[to] = memory[from] as number
    } else c.set(memory.subarray(from, from + columns), to)
  }
}

/**
 * All blocks of a (m × k, not transposed) in the order in which `gemmWasm` takes them, for many products with the same a or with
 * groups of its rows. Undefined where no memory of that size can be had.
 */
export function packRows(m: number, k: number, a: Values): PackedRows | undefined {
  const values = aAt + Math.ceil(m / tileRows) * tileRows * k
  const kernel = wasmKernelWith(Math.ceil((values * a.BYTES_PER_ELEMENT) / 65536))
  if (kernel === undefined) return undefined
  const { buffer } = kernel.memory
  const memory = a instanceof Float64Array ? new Float64Array(buffer) : new Float32Array(buffer)
  let at = aAt
  for (let group = 0; group < m; group += groupRows) {
    const groupEnd = Math.min(m, group + groupRows)
    for (let inner = 0; inner < k; inner += innerBlock) {
      const depth = Math.min(innerBlock, k - inner)
      for (let row = group; row < groupEnd; row += rowBlock) {
        const rows = Math.min(rowBlock, groupEnd - row)
        pack(a, k, 1, row, rows, inner, depth, memory, at, tileRows)
        at += Math.ceil(rows / tileRows) * tileRows * depth
      }
    }
  }
  return { kernel, start: 0 }
}

/**
 * Copies lines [first, first + count) of a matrix into panels of `width` lines, interleaved along the inner dimension and
 * padded with zeros. Element (line, inner) lies at line · lineStride + inner · innerStride.
 */
function pack(
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
      for (let line = 0; line < lines; line++) {
        let at = from + line * lineStride
        for (let to = base + line, end = to + depth * width; to < end; to += width) {
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
