import { type CosineKernel, cosineKernel } from './cosine-kernel.ts'
import {
  buffers,
  type CosineLayout,
  innerParts,
  layoutOf,
  packRows,
  stripRows,
  stripsOfBlock,
} from './cosine-layout.ts'
import { giveBack } from './kernel-memory.ts'
import { callsOn, canShare, type KernelCall, loopOf, type SharedCalls } from './second-thread.ts'
import type { Points } from './squared-distances.ts'
import { blockRows, countersOfBin, openHeader, panelRows, rowStep } from './wasm-cosine-settings.ts'

export interface CosineBinsOptions {
  /** Equal bins of [−1, 1], at most 256. */
  readonly bins: number
  /** The bin of rows i < j, where the kernel cannot tell: one pair in thousands. */
  readonly exactBin: (i: number, j: number) => number
  /** Is given the bins of row `row` with the rows from `column` on; overwritten afterwards. */
  readonly keep?: ((row: number, column: number, bins: Int32Array) => void) | undefined
  /** Whether a second thread helps, where there is one; what is counted is the same. Default where it is worth it. */
  readonly shared?: boolean
}

/** Below this many multiplications a second thread is not worth waking. */
const muchWork = 2 ** 30

/**
 * Counts the pairs i < j of rows by the bin of their cosine. At unit length, rounded to int16, the rows are multiplied in integers, about 1.6
 * times as fast as in float32. By Cauchy and Schwarz no such product is off by more than ε (2 + ε), with ε the longest rounding error of a
 * row. Pairs whose bin that leaves open are multiplied in float32, and asked for where that is too coarse as well. A second
 * thread, where there is one, takes half of it all. Undefined where the plain kernel runs or there is no memory for it.
 *
 * @param norms the rows' lengths, none 0.
 */
export function countCosines(
  points: Points,
  norms: Float64Array,
  options: CosineBinsOptions,
): Float64Array | undefined {
  const { bins, shared = points.rows ** 2 * points.columns >= muchWork } = options
  const layout = layoutOf(points.rows, points.columns, bins)
  const kernel = cosineKernel(layout.bytes, shared && canShare())
  if (kernel === undefined) return undefined
  const calls = callsOn(kernel)
  try {
    packRows(kernel, layout, points, norms, calls)
    return countBlocks(kernel, layout, options, calls)
  } finally {
    calls.finish()
    calls.end()
    giveBack(kernel.memory)
  }
}

/** A block of products, and the strips it is made in. */
interface Block {
  readonly rowStart: number
  readonly columnStart: number
  readonly at: number
  readonly slots: readonly number[]
}

function countBlocks(
  kernel: CosineKernel,
  layout: CosineLayout,
  options: CosineBinsOptions,
  calls: SharedCalls,
): Float64Array {
  const { rows, bins, blocksAt, blockBytes } = layout
  const counts = new Float64Array(bins)
  const words = new Int32Array(kernel.memory.buffer)
  const starts = blockStarts(rows)
  const begin = (index: number): Block | undefined => {
    const start = starts[index]
    if (start === undefined) return undefined
    const [rowStart, columnStart] = start
    const buffer = index % buffers
    const at = blocksAt + buffer * blockBytes
    const strips = stripsOf(layout, rowStart, columnStart, at, buffer * stripsOfBlock)
    calls.begin(strips.map(({ job }) => job))
    return { rowStart, columnStart, at, slots: strips.map(({ slot }) => slot) }
  }
  let block = begin(0)
  for (let index = 1; block !== undefined; index++) {
    calls.finish()
    const next = begin(index)
    for (const slot of block.slots) {
      takeCounts(words, layout, slot, counts)
      settleExactly(words, layout, slot, block, options.exactBin, counts)
    }
    if (options.keep !== undefined) keepBins(words, rows, block, options.keep)
    block = next
  }
  return counts
}

/** The first row and column of each block on or above the diagonal. */
function blockStarts(rows: number): readonly (readonly [number, number])[] {
  const starts: [number, number][] = []
  for (let row = 0; row < rows; row += blockRows) {
    for (let column = row; column < rows; column += blockRows) starts.push([row, column])
  }
  return starts
}

/** A job for each strip of a block's rows that has a pair: its products, their bins, and what these leave open. */
function stripsOf(
  layout: CosineLayout,
  rowStart: number,
  columnStart: number,
  block: number,
  firstSlot: number,
): readonly { readonly slot: number; readonly job: KernelCall[] }[] {
  const { rows, padded, panelsAt, rowsAt, rowBytes, width } = layout
  const strips: { slot: number; job: KernelCall[] }[] = []
  const onDiagonal = rowStart === columnStart
  const end = Math.min(blockRows, rows - columnStart)
  const rowEnd = Math.min(blockRows, padded - rowStart)
  for (let strip = 0; strip < rowEnd; strip += stripRows) {
    // On the diagonal a row's columns begin after itself.
    const skipped = onDiagonal ? strip : 0
    const first = onDiagonal ? strip + 1 : 0
    const count = Math.min(stripRows, rows - rowStart - strip, onDiagonal ? end - first : Infinity)
    if (count <= 0) continue
    const slot = firstSlot + strip / stripRows
    const open = layout.openAt + slot * layout.openBytes
    const counters = layout.countersAt + slot * layout.counterBytes
    const products = block + 4 * strip * blockRows
    const job = innerParts(layout).map(([start, depth], part): KernelCall => [
      loopOf(part === 0 ? 'setInt16' : 'addInt16'),
      Math.min(stripRows, rowEnd - strip) / panelRows,
      (Math.min(blockRows, padded - columnStart) - skipped) / panelRows,
      depth,
      panelsAt + 4 * (start * padded + (rowStart + strip) * depth),
      panelsAt + 4 * (start * padded + (columnStart + skipped) * depth),
      products + 4 * skipped,
      4 * blockRows,
    ])
    job.push([loopOf('binInt16'), count, products, first, end, onDiagonal ? 1 : 0, counters, open])
    const [left, right] = [rowsAt + rowStart * rowBytes, rowsAt + columnStart * rowBytes]
    job.push([loopOf('settle'), open, counters, block, left, right, rowBytes, width / rowStep])
    strips.push({ slot, job })
  }
  return strips
}

/** Adds what a strip has counted, and lets it begin at 0 again. */
function takeCounts(
  words: Int32Array,
  { bins, countersAt, counterBytes }: CosineLayout,
  slot: number,
  counts: Float64Array,
): void {
  const start = (countersAt + slot * counterBytes) / 4
  for (let bin = 0; bin < bins; bin++) {
    for (let lane = 0; lane < countersOfBin; lane++)
      counts[bin] = (counts[bin] as number) + (words[start + countersOfBin * bin + lane] as number)
  }
  words.fill(0, start, start + counterBytes / 4)
}

/** Asks for the bins that a strip has left open. */
function settleExactly(
  words: Int32Array,
  { openAt, openBytes }: CosineLayout,
  slot: number,
  { rowStart, columnStart, at }: Block,
  exactBin: CosineBinsOptions['exactBin'],
  counts: Float64Array,
): void {
  const list = (openAt + slot * openBytes) / 4
  const first = list + openHeader / 4
  for (let index = first, end = first + (words[list] as number); index < end; index++) {
    const word = (words[index] as number) / 4
    const place = word - at / 4
    const bin = exactBin(rowStart + Math.floor(place / blockRows), columnStart + (place % blockRows))
    counts[bin] = (counts[bin] as number) + 1
    words[word] = bin
  }
}

function keepBins(
  words: Int32Array,
  rows: number,
  { rowStart, columnStart, at }: Block,
  keep: NonNullable<CosineBinsOptions['keep']>,
): void {
  const end = Math.min(rows, columnStart + blockRows)
  for (let row = rowStart; row < Math.min(rows, rowStart + blockRows); row++) {
    const first = Math.max(columnStart, row + 1)
    const from = at / 4 + (row - rowStart) * blockRows + first - columnStart
    if (first < end) keep(row, first, words.subarray(from, from + end - first))
  }
}
