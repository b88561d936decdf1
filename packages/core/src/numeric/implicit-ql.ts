import { MopError } from '../errors/mop-error.ts'
import type { RotatedRows } from './rotated-rows.ts'

/** Below this a coupling is no more than rounding of a matrix whose largest entry is about one. */
const negligible = 2 ** -62

/** An eigenvalue takes two or three; one that takes this many never comes. */
const mostSweeps = 100

/**
 * The implicit QL iteration on a symmetric tridiagonal matrix: turns `diagonal` into the eigenvalues, in no order, destroys
 * `offDiagonal`, and rotates `vectors` along: from the identity, row k becomes the eigenvector of diagonal[k].
 */
export function implicitQl(diagonal: Float64Array, offDiagonal: Float64Array, vectors?: RotatedRows): void {
  const n = diagonal.length
  const pairs = new Float64Array(2 * n)
  for (let low = 0; low < n; low++) {
    for (let sweeps = 0; ; sweeps++) {
      const high = endOfBlock(diagonal, offDiagonal, low)
      if (high === low) break
      if (sweeps === mostSweeps) {
        throw new MopError({
          code: 'eigenvalues-not-found',
          message: `Eigenvalue ${low} of ${n} did not settle in ${mostSweeps} sweeps.`,
        })
      }
      const count = qlSweep(diagonal, offDiagonal, low, high, pairs)
      vectors?.sweep(high, count, pairs)
    }
  }
}

/** The last of the entries from `low` on that are coupled. */
function endOfBlock(diagonal: Float64Array, offDiagonal: Float64Array, low: number): number {
  let high = low
  while (high < diagonal.length - 1) {
    const scale = Math.abs(diagonal[high] as number) + Math.abs(diagonal[high + 1] as number)
    if (Math.abs(offDiagonal[high] as number) <= Number.EPSILON * scale + negligible) break
    high++
  }
  return high
}

/** One implicit QL step on the unreduced block from `low` to `high`. Writes cosines and sines from `high` down, and returns how many. */
function qlSweep(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  low: number,
  high: number,
  pairs: Float64Array,
): number {
  const lowest = diagonal[low] as number
  const coupling = offDiagonal[low] as number
  const ratio = ((diagonal[low + 1] as number) - lowest) / (2 * coupling)
  const radius = Math.hypot(ratio, 1)
  let g = (diagonal[high] as number) - lowest + coupling / (ratio + (ratio >= 0 ? radius : -radius))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let at = high - 1; at >= low; at--) {
    const f = sine * (offDiagonal[at] as number)
    const b = cosine * (offDiagonal[at] as number)
    const r = Math.sqrt(f * f + g * g)
    offDiagonal[at + 1] = r
    if (r === 0) {
      // The rotation is lost to underflow: the block splits here.
      diagonal[at + 1] = (diagonal[at + 1] as number) - shift
      offDiagonal[high] = 0
      return high - 1 - at
    }
    sine = f / r
    cosine = g / r
    const above = (diagonal[at + 1] as number) - shift
    const turned = ((diagonal[at] as number) - above) * sine + 2 * cosine * b
    shift = sine * turned
    diagonal[at + 1] = above + shift
    g = cosine * turned - b
    pairs[2 * (high - 1 - at)] = cosine
    pairs[2 * (high - 1 - at) + 1] = sine
  }
  diagonal[low] = (diagonal[low] as number) - shift
  offDiagonal[low] = g
  offDiagonal[high] = 0
  return high - low
}
