import { kernelMemoryPages, kernelName, type WasmKernel, wasmKernelOn } from './kernel.ts'
import { newMemory } from './kernel-memory.ts'
import { callsOn, canShare, type KernelCall, loopOf, ownCalls, type SharedCalls } from './second-thread.ts'
import { tileRows } from './wasm-gemm-code.ts'

type Values = Float64Array | Float32Array

/** Rows of A of one call of the kernel, at most: together with a panel of B they stay in cache. */
const rowBlock = 192
/** Inner dimension and columns of B that are packed at a time. */
export const innerBlock = 256
const columnBlock = 512
/** Rows of C that the kernel adds up in its own memory before they are copied out. */
const groupRows = 5 * rowBlock
/** Calls that a group of fewer rows is divided into, so that two threads have the same to do. */
const leastCalls = 4

/** Where the blocks of A and of B, two of each, and the one of C lie, in values of a kernel's memory. */
const buffers = 2
const bAt = buffers * groupRows * innerBlock
const cAt = bAt + buffers * innerBlock * columnBlock
if ((cAt + groupRows * columnBlock) * 8 > kernelMemoryPages * 65536)
  throw new RangeError('blocks exceed the kernel memory')

/** From so many multiplications on a second thread is worth waking; and starting, after so many in such products. */
const muchWork = 2 ** 23
const enoughToStart = 2 ** 29

/** A matrix product c (m × n) = op(a) (m × k) · op(b) (k × n). */
export interface Product {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Values
  /** a is stored k × m. */
  readonly transposeA: boolean
  readonly b: Values
  /** b is stored n × k. */
  readonly transposeB: boolean
  readonly c: Values
  /** The product is added to c. */
  readonly accumulate: boolean
}

/** A product on a WebAssembly kernel, in the precision of `c`; the same to the bit with a second thread's help, which large ones have in Node. */
export function gemmWasm(kernel: WasmKernel, product: Product): void {
  const shared = sharedKernel(kernel, product.m * product.n * product.k)
  const calls = shared === undefined ? ownCalls(kernel) : callsOn(shared, true)
  try {
    multiplyBlocks(shared ?? kernel, product, calls)
  } finally {
    calls.finish()
    calls.end()
  }
}

let shared: WasmKernel | undefined
let largeWork = 0

/** A kernel of that kind whose memory a second thread can share, if there is one and so many multiplications are worth it. */
function sharedKernel(kernel: WasmKernel, work: number): WasmKernel | undefined {
  if (work < muchWork || kernel.name !== kernelName()) return undefined
  largeWork += work
  if (largeWork < enoughToStart || !canShare()) return undefined
  if (shared === undefined) {
    const memory = newMemory(kernelMemoryPages, true)
    shared = memory && wasmKernelOn(memory)
  }
  return shared
}

/** One stretch of the inner dimension for a block of C. */
interface Step {
  readonly column: number
  readonly columns: number
  readonly group: number
  readonly groupEnd: number
  readonly inner: number
  readonly depth: number
}

/** Blocks are packed for the next step while a second thread is at this one. */
function multiplyBlocks(kernel: WasmKernel, product: Product, calls: SharedCalls): void {
  const { n, k, c, accumulate } = product
  const double = c instanceof Float64Array
  const { buffer } = kernel.memory
  const memory = double ? new Float64Array(buffer) : new Float32Array(buffer)
  const lanes = double ? 4 : 8
  const steps = stepsOf(product)
  let jobs = steps[0] === undefined ? [] : packStep(product, memory, lanes, steps[0], 0)
  for (const [index, step] of steps.entries()) {
    const stride = Math.ceil(step.columns / lanes) * lanes
    const rows = Math.ceil((step.groupEnd - step.group) / tileRows) * tileRows
    if (step.inner === 0) memory.fill(0, cAt, cAt + rows * stride)
    calls.begin(jobs)
    const next = steps[index + 1]
    if (next !== undefined) jobs = packStep(product, memory, lanes, next, (index + 1) % buffers)
    calls.finish()
    if (step.inner + step.depth === k) copyOut(memory, stride, c, n, step, accumulate)
  }
}

function stepsOf({ m, n, k }: Product): readonly Step[] {
  const steps: Step[] = []
  for (let column = 0; column < n; column += columnBlock) {
    const columns = Math.min(columnBlock, n - column)
    for (let group = 0; group < m; group += groupRows) {
      const groupEnd = Math.min(m, group + groupRows)
      for (let inner = 0; inner < k; inner += innerBlock)
        steps.push({ column, columns, group, groupEnd, inner, depth: Math.min(innerBlock, k - inner) })
    }
  }
  return steps
}

/** Packs what a step multiplies into the buffers of that number, and returns its calls, a job each. */
function packStep(
  { m, n, k, a, transposeA, b, transposeB, c }: Product,
  memory: Values,
  lanes: number,
  { column, columns, group, groupEnd, inner, depth }: Step,
  buffer: number,
): KernelCall[][] {
  const bytes = memory.BYTES_PER_ELEMENT
  const loop = loopOf(c instanceof Float64Array ? 'gemmFloat64' : 'gemmFloat32')
  const columnPanels = Math.ceil(columns / lanes)
  const stride = columnPanels * lanes
  const right = bAt + buffer * innerBlock * columnBlock
  const left = buffer * groupRows * innerBlock
  pack(b, transposeB ? k : 1, transposeB ? 1 : n, column, columns, inner, depth, memory, right, lanes)
  pack(
    a,
    transposeA ? 1 : k,
    transposeA ? m : 1,
    group,
    groupEnd - group,
    inner,
    depth,
    memory,
    left,
    tileRows,
  )
  const rowsOfCall = Math.min(rowBlock, Math.ceil((groupEnd - group) / leastCalls / tileRows) * tileRows)
  const jobs: KernelCall[][] = []
  for (let row = 0; row < groupEnd - group; row += rowsOfCall) {
    const panels = Math.ceil(Math.min(rowsOfCall, groupEnd - group - row) / tileRows)
    const from = (left + row * depth) * bytes
    const to = (cAt + row * stride) * bytes
    jobs.push([[loop, panels, columnPanels, depth, from, right * bytes, to, stride * bytes]])
  }
  return jobs
}

function copyOut(
  memory: Values,
  stride: number,
  c: Values,
  n: number,
  { group, groupEnd, column, columns }: Step,
  accumulate: boolean,
): void {
  for (let row = group; row < groupEnd; row++) {
    let from = cAt + (row - group) * stride
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
