import { InvalidArgumentError } from '@mop/core'
import { congruence, type Matrix, multiply, pivotedCholesky, symmetricEigenvalues } from '@mop/core/numeric'
import { centred, meanAndCovariance, meanRow } from '../numeric/mean-and-covariance.ts'
import { checkFinite, checkPairShape, checkShape, type Embeddings } from './embeddings.ts'

/** The Gaussian of a sample's embeddings: compute the real one once, compare it with every arm. */
export interface EmbeddingGaussian {
  readonly count: number
  /** d′ entries. */
  readonly mean: Float64Array
  /** The covariance Σ itself, d′ × d′, or, where n ≤ d′, a factor F, n × d′, with Fᵀ F = Σ. */
  readonly covariance: { readonly full: Matrix } | { readonly factor: Matrix }
  readonly trace: number
}

/**
 * Fits a Gaussian: mean and unbiased covariance (divided by n − 1), in float64.
 *
 * @throws InvalidArgumentError for fewer than 2 rows or values that are not finite.
 */
export function embeddingGaussian(embeddings: Embeddings): EmbeddingGaussian {
  checkShape('embeddings', embeddings, 2)
  return gaussianOf('embeddings', embeddings)
}

function gaussianOf(argument: string, embeddings: Embeddings): EmbeddingGaussian {
  const { rows: count, columns } = embeddings
  if (count <= columns) {
    const mean = meanRow(embeddings)
    checkByMean(argument, embeddings, mean)
    const factor = centred(embeddings, mean, 1 / Math.sqrt(count - 1))
    let trace = 0
    for (const value of factor.data) trace += value * value
    return { count, mean, covariance: { factor }, trace }
  }
  const { mean, covariance: full } = meanAndCovariance(embeddings)
  checkByMean(argument, embeddings, mean)
  let trace = 0
  for (let index = 0; index < columns; index++) trace += full.data[index * (columns + 1)] as number
  return { count, mean, covariance: { full }, trace }
}

/** What is not finite shows in the mean, which is at hand: only then is it looked for. */
function checkByMean(argument: string, embeddings: Embeddings, mean: Float64Array): void {
  if (!mean.every((value) => Number.isFinite(value))) checkFinite(argument, embeddings)
}

/**
 * FID, the Fréchet distance of the Gaussians of two samples of embeddings (Heusel et al. 2017), in squared embedding units, ≥ 0,
 * lower is better:
 *
 *     |μ₁ − μ₂|² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁ Σ₂)^½
 *
 * No matrix root is taken: with Σ₁ = Fᵀ F the last trace is the sum of the roots of the eigenvalues of F Σ₂ Fᵀ. F is a pivoted
 * Cholesky factor, or the centred rows themselves where n ≤ d′, so that everything shrinks to n × n. Cost: n d′² operations for
 * each covariance, then about 3 d′³ (min(n, d′) in place of one or more d′ where n is small).
 *
 * Biased upwards, by a part of the variance of the order d′/n: compare figures of equal n only, and distrust n < d′.
 *
 * @param real n₁ × d′, n₁ ≥ 2.
 * @param simulated n₂ × d′, n₂ ≥ 2, of the same encoder.
 * @throws InvalidArgumentError for too few rows, different dimensions or values that are not finite.
 */
export function frechetDistance(real: Embeddings, simulated: Embeddings): number {
  checkPairShape(real, simulated, 2)
  return gaussianDistance(gaussianOf('real', real), gaussianOf('simulated', simulated))
}

/** `frechetDistance` of Gaussians already fitted. @throws InvalidArgumentError where the dimensions differ. */
export function gaussianDistance(one: EmbeddingGaussian, other: EmbeddingGaussian): number {
  if (one.mean.length !== other.mean.length) {
    throw new InvalidArgumentError({
      argument: 'other',
      expected: `of dimension ${one.mean.length}`,
      found: other.mean.length,
    })
  }
  let shift = 0
  for (let index = 0; index < one.mean.length; index++) {
    shift += ((one.mean[index] as number) - (other.mean[index] as number)) ** 2
  }
  // Below zero only by rounding.
  return Math.max(0, shift + one.trace + other.trace - 2 * traceOfRoot(one.covariance, other.covariance))
}

/** tr (Σ₁ Σ₂)^½. */
function traceOfRoot(one: EmbeddingGaussian['covariance'], other: EmbeddingGaussian['covariance']): number {
  if ('full' in one) {
    return 'full' in other
      ? sumOfRoots(congruence(pivotedCholesky(one.full), other.full))
      : traceOfRoot(other, one)
  }
  if ('full' in other) {
    return sumOfRoots(multiply(multiply(one.factor, other.full), one.factor, { transposeB: true }))
  }
  const cross = multiply(one.factor, other.factor, { transposeB: true })
  return sumOfRoots(
    cross.rows <= cross.columns
      ? multiply(cross, cross, { transposeB: true })
      : multiply(cross, cross, { transposeA: true }),
  )
}

/** Σ √λ over the eigenvalues that are more than rounding: the root would make 1e-8 of 1e-16. */
function sumOfRoots(product: Matrix): number {
  if (product.rows === 0) return 0
  const values = symmetricEigenvalues(product)
  const least = 4 * Math.sqrt(product.rows) * Number.EPSILON * Math.abs(values[0] as number)
  let sum = 0
  for (const value of values) if (value > least) sum += Math.sqrt(value)
  return sum
}
