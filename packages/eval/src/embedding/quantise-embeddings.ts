import { InvalidArgumentError, kMeans, type Random } from '@mop/core'
import { principalComponents } from '../numeric/principal-components.ts'
import { checkPair, type Embeddings, unitRows } from './embeddings.ts'
import { pooledRows } from './pooled-rows.ts'

export interface QuantiseOptions {
  readonly random: Random
  /** Default max(2, min(n₁, n₂) / 10, rounded to the nearest integer). */
  readonly buckets?: number
  /** Share of the pooled variance that the principal components keep, in (0, 1]. Default 0.9. */
  readonly explainedVariance?: number
  /** Runs of k-means, of which the one of least inertia is taken. Default 5. */
  readonly restarts?: number
  /** Iterations a run. Default 500. */
  readonly maxIterations?: number
}

/** The bucket of each row. */
export interface Quantisation {
  readonly buckets: number
  readonly real: Int32Array
  readonly simulated: Int32Array
  /** Principal components that k-means saw. */
  readonly components: number
}

/**
 * One codebook for two samples, as MAUVE wants it: the pooled rows, each at unit length, in their leading principal components,
 * clustered by k-means. Cost: (n₁ + n₂) d′² for the covariance, about 6 d′³ for its eigenvectors, and (n₁ + n₂) k m a k-means iteration of m components.
 *
 * @throws InvalidArgumentError for fewer than 2 rows a side, different dimensions, values that are not finite, or options out of range.
 */
export function quantiseEmbeddings(
  real: Embeddings,
  simulated: Embeddings,
  { random, ...options }: QuantiseOptions,
): Quantisation {
  return embeddingQuantiser(real, simulated, options)(random)
}

/** `quantiseEmbeddings` in two steps, so that several seeds share the principal components. @throws as it. */
export function embeddingQuantiser(
  real: Embeddings,
  simulated: Embeddings,
  options: Omit<QuantiseOptions, 'random'>,
): (random: Random) => Quantisation {
  checkPair(real, simulated, 2)
  const { explainedVariance = 0.9, restarts = 5, maxIterations = 500 } = options
  const { buckets = Math.max(2, Math.round(Math.min(real.rows, simulated.rows) / 10)) } = options
  if (!(explainedVariance > 0 && explainedVariance <= 1)) {
    throw new InvalidArgumentError({
      argument: 'explainedVariance',
      expected: 'above 0 and at most 1',
      found: explainedVariance,
    })
  }
  const { scores } = principalComponents(unitRows(pooledRows(real, simulated)), explainedVariance)
  return (random) => {
    const { labels, centres } = kMeans(scores, buckets, { random, restarts, maxIterations, tolerance: 1e-7 })
    return {
      buckets: centres.rows,
      real: labels.slice(0, real.rows),
      simulated: labels.slice(real.rows),
      components: scores.columns,
    }
  }
}
