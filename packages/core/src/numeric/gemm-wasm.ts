import { kernelMemoryBytes, type WasmKernel } from './kernel.ts'
import { tileRows } from './wasm-kernel-code.ts'

type Values = Float64Array | Float32Array

/** Rows of A, inner dimension and columns of B that are packed at a time: A's block and B's panel stay in cache. */
const rowBlock = 192
const innerBlock = 256
const columnBlock = 512

/**
 * c (m × n) += op(a) (m × k) · op(b) (k × n) on a WebAssembly kernel, computed in the precision of `c`.
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
  packed?: Values,
): void {
  const double = c instanceof Float64Array
  const bytes = double ? 8 : 4
  const lanes = 32 / bytes
  const memory = double ? new Float64Array(kernel.memory.buffer) : new Float32Array(kernel.memory.buffer)
  const run = double ? kernel.gemmFloat64 : kernel.gemmFloat32
  const bAt = rowBlock * innerBlock
  const cAt = bAt + innerBlock * columnBlock
  if ((cAt + rowBlock * columnBlock) * bytes > kernelMemoryBytes)
    throw new RangeError('blocks exceed the kernel memory')
  for (let column = 0; column < n; column += columnBlock) {
    const columns = Math.min(columnBlock, n - column)
    const columnPanels = Math.ceil(columns / lanes)
    const stride = columnPanels * lanes
    let packedAt = 0
    for (let inner = 0; inner < k; inner += innerBlock) {
      const depth = Math.min(innerBlock, k - inner)
      pack(b, transposeB ? k : 1, transposeB ? 1 : n, column, columns, inner, depth, memory, bAt, lanes)
      for (let row = 0; row < m; row += rowBlock) {
        const rows = Math.min(rowBlock, m - row)
        if (packed === undefined) {
          pack(a, transposeA ? 1 : k, transposeA ? m : 1, row, rows, inner, depth, memory, 0, tileRows)
        } else {
          const end = packedAt + packedLength(rows, depth)
          memory.set(packed.subarray(packedAt, end))
          packedAt = end
        }
        run(Math.ceil(rows / tileRows), columnPanels, depth, 0, bAt * bytes, cAt * bytes, stride * bytes)
        for (let i = 0; i < rows; i++) {
          let from = cAt + i * stride
          let to = (row + i) * n + column
          for (const end = to + columns; to < end; to++, from++) {
            c[to] = (c[to] as number) + (memory[from] as number)
          }
        }
      }
    }
  }
}

/** All blocks of a (m × k, not transposed) in the order in which `gemmWasm` takes them, for many products with the same a. */
export function packRows<Data extends Values>(m: number, k: number, a: Data): Data {
  let length = 0
  for (let row = 0; row < m; row += rowBlock) length += packedLength(Math.min(rowBlock, m - row), k)
  const packed = (a instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)) as Data
  let at = 0
  for (let inner = 0; inner < k; inner += innerBlock) {
    const depth = Math.min(innerBlock, k - inner)
    for (let row = 0; row < m; row += rowBlock) {
      const rows = Math.min(rowBlock, m - row)
      pack(a, k, 1, row, rows, inner, depth, packed, at, tileRows)
      at += packedLength(rows, depth)
    }
  }
  return packed
}

function packedLength(rows: number, depth: number): number {
  return Math.ceil(rows / tileRows) * tileRows * depth
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
