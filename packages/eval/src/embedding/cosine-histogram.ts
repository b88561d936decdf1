import { InvalidArgumentError } from '@mop/core'
import { dot } from '@mop/core/numeric'
import { type CosineRows, cosineRows } from './cosine-rows.ts'
import { type Embeddings, lengthsOf } from './embeddings.ts'

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
 * @param rowsOf what estimates the cosines; the counts do not depend on it. Default the fastest.
 * @throws InvalidArgumentError for a row without a direction or bins out of range.
 */
export function cosineHistogram(
  embeddings: Embeddings,
  bins: number,
  keep = false,
  rowsOf: (embeddings: Embeddings, norms: Float64Array) => CosineRows = cosineRows,
): CosineHistogram {
  if (!Number.isInteger(bins) || bins < 1 || bins > 256) {
    throw new InvalidArgumentError({ argument: 'bins', expected: 'an integer from 1 to 256', found: bins })
  }
  const { rows: n, columns: dimension, data } = embeddings
  const counts = new Float64Array(bins)
  const binOfPair = keep ? new Uint8Array((n * (n - 1)) / 2) : undefined
  const norms = lengthsOf(embeddings)
  const cosines = rowsOf(embeddings, norms)
  const half = bins / 2
  const scale = cosines.unit * half
  const tolerance = toleranceOf(cosines.error, half)
  const closerTolerance = toleranceOf(cosines.closerError, half)
  const exactBin = (i: number, j: number): number => {
    const cosine =
      dot(data, data, dimension, i * dimension, j * dimension) / ((norms[i] as number) * (norms[j] as number))
    return Math.floor(Math.min(bins - 1, Math.max(0, (cosine + 1) * half)))
  }
  const places: Places = {
    scale,
    half,
    tolerance,
    certain: new Uint32Array(2 * bins),
    uncertain: new Int32Array(n),
  }
  const { certain, uncertain } = places
  const flush = () => {
    certain.forEach((count, counter) => (counts[counter >> 1] = (counts[counter >> 1] as number) + count))
    certain.fill(0)
  }
  let visits = 0
  cosines.forEach(({ row, columnStart, count, values, offset }) => {
    // Before a counter can overflow.
    if (++visits % 2 ** 20 === 0) flush()
    const pair = binOfPair === undefined ? 0 : pairIndex(row, columnStart, n)
    const open = place(values, offset, count, places, binOfPair?.subarray(pair, pair + count))
    const closer = cosines.closer?.(row, columnStart, uncertain, open)
    for (let index = 0; index < open; index++) {
      const column = columnStart + (uncertain[index] as number)
      const position = closer === undefined ? 0 : ((closer[index] as number) + 1) * half
      const within = position - Math.trunc(position)
      const bin =
        within <= closerTolerance || within >= 1 - closerTolerance
          ? exactBin(row, column)
          : Math.trunc(position)
      counts[bin] = (counts[bin] as number) + 1
      if (binOfPair !== undefined) binOfPair[pair + column - columnStart] = bin
    }
  })
  flush()
  return { counts, binOfPair }
}

interface Places {
  /** From a value to its place in bins: value · scale + half. */
  readonly scale: number
  readonly half: number
  /** Of the place. */
  readonly tolerance: number
  /** Two counters a bin, for neighbours often fall into one and would wait for each other. */
  readonly certain: Uint32Array
  readonly uncertain: Int32Array
}

/** Counts the values whose bin is certain, and lists where the others stand; how many these are. */
function place(
  values: Int32Array | Float32Array | Float64Array,
  offset: number,
  count: number,
  { scale, half, tolerance, certain, uncertain }: Places,
  binOf: Uint8Array | undefined,
): number {
  const most = 1 - tolerance
  let open = 0
  for (let index = 0; index < count; index++) {
    const position = (values[offset + index] as number) * scale + half
    const bin = position | 0
    const within = position - bin
    if (within > tolerance && within < most) {
      const counter = 2 * bin + (index & 1)
      certain[counter] = (certain[counter] as number) + 1
      if (binOf !== undefined) binOf[index] = bin
    } else uncertain[open++] = index
  }
  return open
}

/** An error of cosines in bins, with room for the rounding of a position itself. */
function toleranceOf(error: number, half: number): number {
  return error * half + half * 2 ** -48
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
