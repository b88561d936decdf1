import type { CosineKernel } from './cosine-kernel.ts'
import { callsAtMost, jobsAtMost, type KernelCall, loopOf, type SharedCalls } from './second-thread.ts'
import type { Points } from './squared-distances.ts'
import {
  blockRows,
  countersOfBin,
  magicBits,
  openHeader,
  panelRows,
  rowStep,
  settings,
  settingsBytes,
} from './wasm-cosine-settings.ts'

/**
 * Most that 1 may be rounded to, for entries to fit int16 and sums of products int32. Sums that rounding takes beyond 2³¹ are off by 2³²: as
 * cosines they come out as near to the other end as they may be off at all, and so are open.
 */
const largestEntry = 32_767
const largestLength = 46_300
/** What float32 may round away, relatively. */
const unit = 2 ** -24
/** Pairs of int16 along the inner dimension at a time, where that makes no more calls than a job may have. */
const pairsAtLeast = 512
/** Calls of a job beside its products: `binInt16` and `settle`. */
const otherCalls = 2
/** Panels that one call packs. */
const panelsOfJob = 32
/** Rows of the left factor that stay in cache while the right one passes by. */
export const stripRows = 128
export const stripsOfBlock: number = blockRows / stripRows
/** One block of products lies in memory to be looked at, one is in the making. */
export const buffers = 2

/** Where everything lies in the kernel's memory, in bytes, and how much of it there is. */
export interface CosineLayout {
  readonly bins: number
  readonly rows: number
  /** Rows of whole panels, and values of a row that the kernel's loops take whole; what is beyond the data is 0. */
  readonly padded: number
  readonly width: number
  /** Pairs of int16 of a row, and how many one call takes. */
  readonly pairs: number
  readonly depthAtMost: number
  /** Two blocks of products, one after the other. */
  readonly blocksAt: number
  readonly blockBytes: number
  /** For each strip of either block its counters, and the addresses of products that are open. */
  readonly countersAt: number
  readonly counterBytes: number
  readonly openAt: number
  readonly openBytes: number
  /** Four sums a row of what rounding took away. */
  readonly squaresAt: number
  /** The rows in int16, then in float32. */
  readonly panelsAt: number
  readonly rowsAt: number
  readonly rowBytes: number
  readonly bytes: number
}

export function layoutOf(rows: number, columns: number, bins: number): CosineLayout {
  const padded = Math.ceil(rows / panelRows) * panelRows
  const width = Math.ceil(columns / rowStep) * rowStep
  const pairs = width / 2
  const slots = buffers * stripsOfBlock
  const blockBytes = 4 * blockRows ** 2
  const counterBytes = 4 * countersOfBin * (bins + 1)
  const openBytes = openHeader + 4 * (stripRows * blockRows + countersOfBin)
  const blocksAt = settingsBytes
  const countersAt = blocksAt + buffers * blockBytes
  const openAt = countersAt + slots * counterBytes
  const squaresAt = openAt + slots * openBytes
  const panelsAt = squaresAt + 16 * padded
  const rowsAt = panelsAt + 4 * padded * pairs
  return {
    rows,
    padded,
    width,
    pairs,
    bins,
    blockBytes,
    counterBytes,
    openBytes,
    blocksAt,
    countersAt,
    openAt,
    squaresAt,
    panelsAt,
    rowsAt,
    bytes: rowsAt + 4 * padded * width,
    rowBytes: 4 * width,
    depthAtMost: Math.max(
      pairsAtLeast,
      (rowStep / 2) * Math.ceil(pairs / (callsAtMost - otherCalls) / (rowStep / 2)),
    ),
  }
}

/** Parts of the inner dimension: the first pair of each, and how many. */
export function innerParts({
  pairs,
  depthAtMost,
}: CosineLayout): readonly (readonly [start: number, depth: number])[] {
  const parts: [number, number][] = []
  for (let start = 0; start < pairs; start += depthAtMost)
    parts.push([start, Math.min(depthAtMost, pairs - start)])
  return parts
}

/** Writes the rows at unit length, in float32 and in panels of int16, and the settings that follow from their rounding. */
export function packRows(
  kernel: CosineKernel,
  layout: CosineLayout,
  points: Points,
  norms: Float64Array,
  calls: SharedCalls,
): void {
  const { rows, padded, bins, squaresAt, panelsAt, rowsAt, rowBytes } = layout
  const { buffer } = kernel.memory
  const largest = writeUnitRows(
    points,
    norms,
    new Float32Array(buffer, rowsAt, padded * layout.width),
    layout.width,
  )
  const one = Math.fround(Math.min(largestLength, largestEntry / largest))
  const floats = new Float32Array(buffer)
  floats[settings.one / 4] = one
  const jobs: KernelCall[][] = []
  for (let panel = 0; panel < padded / panelRows; panel += panelsOfJob) {
    const count = Math.min(panelsOfJob, padded / panelRows - panel)
    const row = panel * panelRows
    jobs.push(
      innerParts(layout).map(([start, depth]): KernelCall => {
        const source = rowsAt + row * rowBytes + 8 * start
        const target = panelsAt + 4 * (start * padded + row * depth)
        return [loopOf('packInt16'), count, depth / 4, source, rowBytes, target, squaresAt + 16 * row, 0]
      }),
    )
  }
  for (let first = 0; first < jobs.length; first += jobsAtMost) {
    calls.begin(jobs.slice(first, first + jobsAtMost))
    calls.finish()
  }
  let worst = 0
  for (let row = 0; row < rows; row++) {
    const at = squaresAt / 4 + 4 * row
    let sum = 0
    for (let lane = 0; lane < 4; lane++) sum += floats[at + lane] as number
    worst = Math.max(worst, sum)
  }
  // Each of the four sums in float32 is width / 4 long, and may have lost that much; then the rounding of the rows and of their multiples.
  const error = Math.sqrt(worst / (1 - unit) ** (layout.width / 4 + 2)) / one + 2 ** -22
  const half = bins / 2
  // A place is an integer and a half in the middle of a bin: off by error · half, and by its own rounding in float32.
  const rounding = bins * 2 ** -21
  floats[settings.scale / 4] = half / one ** 2
  floats[settings.shift / 4] = half - 0.5
  floats[settings.limit / 4] = 0.5 - error * (2 + error) * half - rounding
  floats[settings.half / 4] = half
  // Each chain of sums is width / 16 long; the rows themselves are rounded, too.
  const closeError = (1 + unit) ** (layout.width / rowStep + 12) - 1
  floats[settings.closeLimit / 4] = 0.5 - closeError * half - rounding
  new Int32Array(buffer)[settings.discard / 4] = magicBits + bins
}

/** Writes the rows divided by their norms, `width` values apart, and returns the largest magnitude of one. */
function writeUnitRows(
  { rows, columns, data }: Points,
  norms: Float64Array,
  to: Float32Array,
  width: number,
): number {
  let largest = 0
  for (let row = 0; row < rows; row++) {
    const factor = 1 / (norms[row] as number)
    const shift = row * (width - columns)
    for (let at = row * columns, end = at + columns; at < end; at++) {
      const value = (data[at] as number) * factor
      to[at + shift] = value
      largest = Math.max(largest, Math.abs(value))
    }
  }
  return largest
}
