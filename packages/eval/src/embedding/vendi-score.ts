import { InvalidArgumentError } from '@mop/core'
import { type Matrix, multiply, symmetricEigenvalues } from '@mop/core/numeric'
import { checkEmbeddings, type Embeddings, unitRows } from './embeddings.ts'

export interface VendiOptions {
  /** Order q of the diversity: 1 is the original score, 2 stresses what is common, Infinity sees the commonest only. Default 1. */
  readonly order?: number
}

/**
 * The Vendi score (Friedman and Dieng 2023; of order q, Pasarkar and Dieng 2024): the effective number of different responses, from 1 (all
 * alike) to min(n, d′). With λ the eigenvalues of K / n, K the n × n cosine similarities,
 *
 *     exp(−Σ λ ln λ)   for q = 1,    (Σ λ^q)^{1/(1−q)}   else,    1 / max λ   for q = ∞.
 *
 * K / n and the d′ × d′ mean of u uᵀ over unit rows u have the same eigenvalues but zeros; the smaller is taken. It grows with n
 * and knows nothing of the real sample: compare with the real sample's score at the same n, not with the maximum.
 *
 * @param embeddings n × d′, n ≥ 1.
 * @throws InvalidArgumentError without rows, for values that are not finite, a row without a direction, or an order that is not positive.
 */
export function vendiScore(embeddings: Embeddings, options: VendiOptions = {}): number {
  const { order = 1 } = options
  if (!(order > 0)) {
    throw new InvalidArgumentError({ argument: 'order', expected: 'positive', found: order })
  }
  checkEmbeddings('embeddings', embeddings, 1)
  const unit = unitRows({ ...embeddings, data: Float64Array.from(embeddings.data) })
  const tall = unit.rows > unit.columns
  const product: Matrix = multiply(unit, unit, tall ? { transposeA: true } : { transposeB: true })
  const values = symmetricEigenvalues(product).map((value) => Math.max(0, value / unit.rows))
  if (order === Infinity) return 1 / (values[0] as number)
  let sum = 0
  for (const value of values) {
    if (value > 0) sum += order === 1 ? -value * Math.log(value) : value ** order
  }
  return order === 1 ? Math.exp(sum) : sum ** (1 / (1 - order))
}
