import { innerBlock, pack } from './gemm-wasm.ts'
import { giveBack, pageBytes, takeMemory } from './kernel-memory.ts'
import { kernelName, wasmKernelOn } from './kernel.ts'
import type { Matrix } from './matrix.ts'
import { callsAtMost, callsOn, canShare, type KernelCall, loopOf } from './second-thread.ts'
import { tileRows } from './wasm-gemm-code.ts'

type Values = Float64Array | Float32Array

/** Rows that are multiplied with many others, in a kernel memory of their own. */
export interface PackedRows {
  /**
   * Visits the inner products of the targets, of the rows' precision, with all rows, some rows at a time: that of target t with row
   * `start` + j at offset + t · stride + j, overwritten after the visit.
   */
  readonly forEachProducts: (targets: Matrix<Values>, visit: VisitProducts) => void
  /** Must follow the last use. */
  readonly end: () => void
}

export type VisitProducts = (
  products: Values,
  offset: number,
  stride: number,
  start: number,
  count: number,
) => void

/** Rows that one job takes, and that one visit gets at most. */
const rowsOfJob = 256
const rowsOfVisit = 2048
/** Values of the products of one visit, where the targets are many; two visits' lie in memory, one to be looked at, one in the making. */
const visitValues = 2 ** 19
/** Below this many multiplications with all targets a second thread is not worth waking. */
const muchWork = 2 ** 26

/**
 * Undefined where the plain kernel runs or there is no memory for it.
 *
 * @param mostTargets no product will have more.
 * @param shared whether a second thread helps, where there is one; what is computed is the same. Default where it is worth it.
 */
export function packRows(
  { rows, columns, data }: Matrix<Values>,
  mostTargets: number,
  shared: boolean = rows * columns * mostTargets >= muchWork,
): PackedRows | undefined {
  if (kernelName() === 'plain') return undefined
  const bytes = data.BYTES_PER_ELEMENT
  const lanes = 32 / bytes
  const length = Math.ceil(rows / lanes) * lanes
  const height = Math.ceil(mostTargets / tileRows) * tileRows
  const width = Math.max(
    rowsOfJob,
    Math.min(rowsOfVisit, Math.floor(visitValues / height / rowsOfJob) * rowsOfJob),
  )
  const depthOfBlock = Math.max(innerBlock, Math.ceil(columns / callsAtMost))
  // Where the targets and all rows begin, after the products of two visits; in values.
  const targetsAt = 2 * height * width
  const rowsAt = targetsAt + height * columns
  const pages = Math.ceil(((rowsAt + length * columns) * bytes) / pageBytes)
  const taken = takeMemory(pages, shared && canShare())
  const kernel = taken && wasmKernelOn(taken)
  if (kernel === undefined) return undefined
  const { buffer } = kernel.memory
  const memory = data instanceof Float64Array ? new Float64Array(buffer) : new Float32Array(buffer)
  const product = loopOf(data instanceof Float64Array ? 'gemmFloat64' : 'gemmFloat32')
  const calls = callsOn(kernel)
  for (let inner = 0; inner < columns; inner += depthOfBlock) {
    const depth = Math.min(depthOfBlock, columns - inner)
    pack(data, columns, 1, 0, rows, inner, depth, memory, rowsAt + inner * length, lanes)
  }
  /** The products of `panels` tiles of targets with the rows of one visit: a job for some of the rows each. */
  const jobsOf = (panels: number, start: number, count: number, at: number): KernelCall[][] => {
    const jobs: KernelCall[][] = []
    for (let row = 0; row < count; row += rowsOfJob) {
      const rowPanels = Math.ceil(Math.min(rowsOfJob, count - row) / lanes)
      const job: KernelCall[] = []
      for (let inner = 0; inner < columns; inner += depthOfBlock) {
        const depth = Math.min(depthOfBlock, columns - inner)
        const left = targetsAt + inner * panels * tileRows
        const right = rowsAt + inner * length + (start + row) * depth
        job.push([
          product,
          panels,
          rowPanels,
          depth,
          left * bytes,
          right * bytes,
          (at + row) * bytes,
          width * bytes,
        ])
      }
      jobs.push(job)
    }
    return jobs
  }
  return {
    forEachProducts(targets, visit) {
      const panels = Math.ceil(targets.rows / tileRows)
      for (let inner = 0; inner < columns; inner += depthOfBlock) {
        const depth = Math.min(depthOfBlock, columns - inner)
        const into = targetsAt + inner * panels * tileRows
        pack(targets.data, columns, 1, 0, targets.rows, inner, depth, memory, into, tileRows)
      }
      const begin = (start: number): void => {
        const at = ((start / width) % 2) * height * width
        memory.fill(0, at, at + panels * tileRows * width)
        calls.begin(jobsOf(panels, start, Math.min(width, rows - start), at))
      }
      try {
        begin(0)
        for (let start = 0; start < rows; start += width) {
          calls.finish()
          if (start + width < rows) begin(start + width)
          visit(memory, ((start / width) % 2) * height * width, width, start, Math.min(width, rows - start))
        }
      } finally {
        calls.finish()
      }
    },
    end() {
      calls.end()
      giveBack(kernel.memory)
    },
  }
}
