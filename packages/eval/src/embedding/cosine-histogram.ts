import { InvalidArgumentError } from '@mop/core'
import { dot, squaredNorms } from '@mop/core/numeric'
import { type Embeddings, unitRows } from './embeddings.ts'
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
 * Products run in the precision of the data; pairs that its rounding might put into the wrong bin are computed again in float64, so
 * that both precisions count the same data alike. n² d′ / 2 multiplications.
 *
 * @param bins 1 to 256.
 * @param keep whether the bin of every pair is kept, n² / 2 bytes.
 * @throws InvalidArgumentError for a row of zeros or bins out of range.
 */
export function cosineHistogram(embeddings: Embeddings, bins: number, keep = false): CosineHistogram {
  if (!Number.isInteger(bins) || bins < 1 || bins > 256) {
    throw new InvalidArgumentError({ argument: 'bins', expected: 'an integer from 1 to 256', found: bins })
  }
  const { rows: n, columns: dimension } = embeddings
  const counts = new Float64Array(bins)
  const binOfPair = keep ? new Uint8Array((n * (n - 1)) / 2) : undefined
  const norms = squaredNorms(embeddings).map((square) => Math.sqrt(square))
  const half = bins / 2
  const epsilon = embeddings.data instanceof Float32Array ? 2 ** -24 : 2 ** -53
  // Bound of the rounding error of an inner product of unit vectors, in bins.
  const tolerance = (dimension + 8) * epsilon * half
  const exactPosition = (i: number, j: number): number => {
    const product = dot(embeddings.data, embeddings.data, dimension, i * dimension, j * dimension)
    const position = (product / ((norms[i] as number) * (norms[j] as number)) + 1) * half
    return Math.min(bins - 1, Math.max(0, position))
  }
  forEachPairBlock(unitRows(embeddings), undefined, ({ rowStart, rows, columnStart, columns, products }) => {
    const counted = new Uint32Array(bins)
    for (let row = 0; row < rows; row++) {
      const i = rowStart + row
      const offset = row * columns
      const pair = binOfPair === undefined ? 0 : pairIndex(i, columnStart, n)
      for (let column = Math.max(0, i + 1 - columnStart); column < columns; column++) {
        const position = ((products[offset + column] as number) + 1) * half
        let bin = Math.trunc(position)
        const within = position - bin
        if (within <= tolerance || within >= 1 - tolerance) {
          bin = Math.floor(exactPosition(i, columnStart + column))
        }
        counted[bin] = (counted[bin] as number) + 1
        if (binOfPair !== undefined) binOfPair[pair + column] = bin
      }
    }
    counted.forEach((count, bin) => (counts[bin] = (counts[bin] as number) + count))
  })
  return { counts, binOfPair }
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
