import { InvalidArgumentError } from '@mop/core'
import { countCosines, dot } from '@mop/core/numeric'
import { type Embeddings, lengthsOf, unitRows } from './embeddings.ts'
import { forEachPairBlock } from './pair-blocks.ts'

export interface CosineHistogram {
  /** Unordered pairs i < j by bin. */
  readonly counts: Float64Array
  /** The bin of pair (i, j), i < j, at `pairIndex(i, j, n)`, where asked for. */
  readonly binOfPair: Uint8Array | undefined
}

/** Where pair i < j of n stands among the pairs (0, 1), (0, 2), …, (1, 2), … */
function pairIndex(i: number, j: number, n: number): number {
  return (i * (2 * n - i - 1)) / 2 + j - i - 1
}

/**
 * The histogram of the cosines of all pairs i < j of rows over equal bins of [−1, 1]: bin ⌊(cos + 1) / 2 · bins⌋, the last for cos = 1.
 * Cosines are estimated in low precision; pairs that its error might put into the wrong bin are computed again, in the end in float64,
 * so that every kernel and both precisions count the same data alike. n² d′ / 2 multiplications; memory for rounded copies of the rows.
 *
 * @param bins 1 to 256.
 * @param keep whether the bin of every pair is kept, n² / 2 bytes.
 * @param plain whether the kernel's products of integers are left aside; the counts do not depend on it. Default false.
 * @throws InvalidArgumentError for a row without a direction or bins out of range.
 */
export function cosineHistogram(
  embeddings: Embeddings,
  bins: number,
  keep = false,
  plain = false,
): CosineHistogram {
  if (!Number.isInteger(bins) || bins < 1 || bins > 256) {
    throw new InvalidArgumentError({ argument: 'bins', expected: 'an integer from 1 to 256', found: bins })
  }
  const { rows: n, columns: dimension, data } = embeddings
  const binOfPair = keep ? new Uint8Array((n * (n - 1)) / 2) : undefined
  const norms = lengthsOf(embeddings)
  const exactBin = (i: number, j: number): number => {
    const cosine =
      dot(data, data, dimension, i * dimension, j * dimension) / ((norms[i] as number) * (norms[j] as number))
    return Math.floor(Math.min(bins - 1, Math.max(0, ((cosine + 1) * bins) / 2)))
  }
  const keepBins =
    binOfPair &&
    ((row: number, column: number, found: ArrayLike<number>): void =>
      binOfPair.set(found, pairIndex(row, column, n)))
  const counted = plain ? undefined : countCosines(embeddings, norms, { bins, exactBin, keep: keepBins })
  return { counts: counted ?? countFloatCosines(embeddings, bins, exactBin, keepBins), binOfPair }
}

/** The same in the precision of the data, with float64 where that is too coarse. */
function countFloatCosines(
  embeddings: Embeddings,
  bins: number,
  exactBin: (i: number, j: number) => number,
  keep: ((row: number, column: number, bins: ArrayLike<number>) => void) | undefined,
): Float64Array {
  const { rows, columns, data } = embeddings
  const counts = new Float64Array(bins)
  const half = bins / 2
  // Of an inner product of unit vectors, whatever the order of its sum; with room for the rounding of a place in bins itself.
  const error = (columns + 8) * (data instanceof Float32Array ? 2 ** -24 : 2 ** -53)
  const [least, most] = [half * (error + 2 ** -48), 1 - half * (error + 2 ** -48)]
  const found = new Uint8Array(rows)
  forEachPairBlock(unitRows(embeddings), undefined, (block) => {
    for (let index = 0; index < block.rows; index++) {
      const row = block.rowStart + index
      const first = Math.max(block.columnStart, row + 1)
      const end = block.columnStart + block.columns
      const offset = index * block.columns - block.columnStart
      for (let column = first; column < end; column++) {
        const position = (block.products[offset + column] as number) * half + half
        const within = position - Math.floor(position)
        const bin = within > least && within < most ? Math.floor(position) : exactBin(row, column)
        counts[bin] = (counts[bin] as number) + 1
        found[column] = bin
      }
      if (first < end) keep?.(row, first, found.subarray(first, end))
    }
  })
  return counts
}

/** The histogram with row i taken weights[i] times; a row is no pair with its own copies. */
export function reweighedHistogram(
  binOfPair: Uint8Array,
  bins: number,
  weights: ArrayLike<number>,
): Float64Array {
  const n = weights.length
  const counts = new Float64Array(bins)
  const partial = new Float64Array(bins)
  let pair = 0
  for (let i = 0; i < n; i++) {
    const weight = weights[i] as number
    if (weight === 0) {
      pair += n - i - 1
      continue
    }
    partial.fill(0)
    for (let j = i + 1; j < n; j++) {
      const bin = binOfPair[pair++] as number
      partial[bin] = (partial[bin] as number) + (weights[j] as number)
    }
    for (let bin = 0; bin < bins; bin++) {
      counts[bin] = (counts[bin] as number) + weight * (partial[bin] as number)
    }
  }
  return counts
}
