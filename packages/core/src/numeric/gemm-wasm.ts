import { kernelMemoryPages, type WasmKernel, wasmKernelWith } from './kernel.ts'
import { tileRows } from './wasm-gemm-code.ts'

type Values = Float64Array | Float32Array

/** Rows of A and inner dimension that are packed at a time, so that A's block stays in cache. */
const rowBlock = 192
const innerBlock = 256
/** Columns of B and rows of C in the kernel's memory at a time: where B must be packed, and where it is. */
const blocks = { columns: 512, rows: 10 * rowBlock }
const packedBlocks = { columns: 2048, rows: 480 }

/** Where B's panel, C's block, A's block and all of B begin, in float64 values of a kernel's memory. */
const cAt = innerBlock * blocks.columns
const aAt = cAt + blocks.columns * blocks.rows
const packedAt = aAt + rowBlock * innerBlock
if (packedAt * 8 > kernelMemoryPages * 65536) throw new RangeError('blocks exceed the kernel memory')

/** The rows of a matrix laid out for the kernel as columns of B, in a kernel memory of their own. */
export interface PackedRows {
  readonly kernel: WasmKernel
  /** All rows, filled up to whole panels. */
  readonly length: number
  /** The row from which they are taken, a multiple of 8. */
  readonly start: number
}

/**
 * c (m × n) = op(a) (m × k) · op(b) (k × n), or added to c where `accumulate`, on a WebAssembly kernel in the precision of `c`.
 * a is stored k × m where `transposeA`, b is stored n × k where `transposeB`. `packed` is what `packRows` made of b, to save doing it again.
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
  const block = packed === undefined ? blocks : packedBlocks
  for (let column = 0; column < n; column += block.columns) {
    const columns = Math.min(block.columns, n - column)
    const columnPanels = Math.ceil(columns / lanes)
    const stride = columnPanels * lanes
    for (let group = 0; group < m; group += block.rows) {
      const groupEnd = Math.min(m, group + block.rows)
      memory.fill(0, cAt, cAt + Math.ceil((groupEnd - group) / tileRows) * tileRows * stride)
      for (let inner = 0; inner < k; inner += innerBlock) {
        const depth = Math.min(innerBlock, k - inner)
        let from = 0
        if (packed === undefined)
          pack(b, transposeB ? k : 1, transposeB ? 1 : n, column, columns, inner, depth, memory, 0, lanes)
        else from = packedAt + inner * packed.length + (packed.start + column) * depth
        for (let row = group; row < groupEnd; row += rowBlock) {
          const rows = Math.min(rowBlock, groupEnd - row)
          pack(a, transposeA ? 1 : k, transposeA ? m : 1, row, rows, inner, depth, memory, aAt, tileRows)
          const into = cAt + (row - group) * stride
          run(
            Math.ceil(rows / tileRows),
            columnPanels,
            depth,
            aAt * bytes,
            from * bytes,
            into * bytes,
            stride * bytes,
          )
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
 * The rows of b (n × k), for many products with its transpose or with that of some of its rows. Undefined where no memory of that
 * size can be had.
 */
export function packRows(n: number, k: number, b: Values): PackedRows | undefined {
  const lanes = 32 / b.BYTES_PER_ELEMENT
  const length = Math.ceil(n / lanes) * lanes
  const kernel = wasmKernelWith(Math.ceil(((packedAt + length * k) * b.BYTES_PER_ELEMENT) / 65536))
  if (kernel === undefined) return undefined
  const { buffer } = kernel.memory
  const memory = b instanceof Float64Array ? new Float64Array(buffer) : new Float32Array(buffer)
  for (let inner = 0; inner < k; inner += innerBlock) {
    pack(b, k, 1, 0, n, inner, Math.min(innerBlock, k - inner), memory, packedAt + inner * length, lanes)
  }
  return { kernel, length, start: 0 }
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
