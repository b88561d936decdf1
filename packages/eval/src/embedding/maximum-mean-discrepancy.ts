import { InvalidArgumentError } from '@mop/core'
import { exponentials, quantile, selectRows } from '@mop/core/numeric'
import { type ResampleWeights, unitWeights } from '../result/resample-weights.ts'
import { checkPair, type Embeddings } from './embeddings.ts'
import { forEachSquaredDistances, pairMeans } from './pair-means.ts'
import { pooledRows } from './pooled-rows.ts'

/** `unbiased` leaves each row's pair with itself out and may fall below 0; `biased` counts it, is ≥ 0, and 0 for equal samples. */
export type PairEstimator = 'unbiased' | 'biased'

export interface DiscrepancyOptions {
  /** σ of the kernel, in embedding units. Default `medianDistance` of both samples. */
  readonly bandwidth?: number
  /** Default `unbiased`. */
  readonly estimator?: PairEstimator
}

/**
 * MMD², the squared maximum mean discrepancy (Gretton et al. 2012) with the kernel k(x, y) = exp(−|x − y|² / 2σ²); 0 where both
 * populations are equal, at most 2, lower is better:
 *
 *     mean k(x, x′) + mean k(y, y′) − 2 mean k(x, y)
 *
 * Unlike FID it sees more than two moments, and the unbiased estimate has the same expectation at every n. It means little by
 * itself (it depends on σ): read it beside its floor. (n₁ + n₂)² d′ multiplications.
 *
 * @param real n₁ × d′, n₁ ≥ 2.
 * @param simulated n₂ × d′, n₂ ≥ 2, of the same encoder.
 * @throws InvalidArgumentError for fewer than 2 rows, different dimensions, values that are not finite, or a bandwidth that is not positive
 *   (the default is 0 where at least half of all pairs are equal).
 */
export function maximumMeanDiscrepancy(
  real: Embeddings,
  simulated: Embeddings,
  options: DiscrepancyOptions = {},
): number {
  checkPair(real, simulated, 2)
  return discrepancies(real, simulated, options, [unitWeights(real.rows, simulated.rows)])[0] as number
}

/** MMD² under each weighting of the rows, with one bandwidth. */
export function discrepancies(
  real: Embeddings,
  simulated: Embeddings,
  options: DiscrepancyOptions,
  weightings: readonly ResampleWeights[],
): Float64Array {
  const { bandwidth = medianDistance(real, simulated), estimator = 'unbiased' } = options
  if (!(bandwidth > 0 && bandwidth < Infinity)) {
    throw new InvalidArgumentError({ argument: 'bandwidth', expected: 'positive', found: bandwidth })
  }
  const factor = -1 / (2 * bandwidth * bandwidth)
  const { withinReal, withinSimulated, across } = pairMeans(
    real,
    simulated,
    (squared) => {
      for (let index = 0; index < squared.length; index++)
        squared[index] = (squared[index] as number) * factor
      exponentials(squared)
    },
    estimator === 'unbiased' ? 'left out' : 'counted',
    weightings,
  )
  return across.map(
    (cross, index) => (withinReal[index] as number) + (withinSimulated[index] as number) - 2 * cross,
  )
}

/** Rows whose distances are all measured for a median; of more, as many are taken, evenly spaced. */
const medianRows = 2048

/**
 * The median of the Euclidean distances of all pairs of both samples together: the usual bandwidth of a kernel. Above 2,048 rows
 * together it is that of 2,048 of them, evenly spaced.
 */
export function medianDistance(real: Embeddings, simulated: Embeddings): number {
  const all = pooledRows(real, simulated)
  const step = Math.max(1, all.rows / medianRows)
  const chosen = Array.from({ length: Math.min(all.rows, medianRows) }, (_, index) =>
    Math.floor(index * step),
  )
  const some: Embeddings =
    all.data instanceof Float32Array
      ? selectRows({ ...all, data: all.data }, chosen)
      : selectRows({ ...all, data: all.data }, chosen)
  const distances = new Float64Array((some.rows * (some.rows - 1)) / 2)
  let count = 0
  forEachSquaredDistances(some, undefined, ({ rowStart, rows, columnStart, columns }, squared) => {
    for (let row = 0; row < rows; row++) {
      for (let column = Math.max(0, rowStart + row + 1 - columnStart); column < columns; column++) {
        distances[count++] = Math.sqrt(squared[row * columns + column] as number)
      }
    }
  })
  return quantile(distances, 0.5)
}
