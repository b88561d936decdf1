import { divergence, normalisedPair } from '../numeric/normalised-pair.ts'
import { cosineHistogram } from './cosine-histogram.ts'
import { checkPair, type Embeddings } from './embeddings.ts'

export interface KlCosineOptions {
  /** Equal bins of [−1, 1]. Default 50. */
  readonly bins?: number
}

/** Added to every bin's share, so that an empty bin costs much but not everything. */
const smoothing = 1e-10

/**
 * KL cosine: the Kullback–Leibler divergence, in nats, ≥ 0, lower is better, of the histogram of pairwise cosine similarities within the
 * real sample from that within the simulated one (Bui et al. 2025; METHOD, section 9):
 *
 *     Σ_b p_b ln(p_b / q_b),  p from pairs i < j of `real`, q of `simulated`, each share plus 1e-10, renormalised.
 *
 * It sees spread and clustering, not place: a sample that is far away but equally spread has 0. An empty bin of q costs up to
 * ln(p_b / 1e-10), so large values depend on the smoothing.
 *
 * @param real n₁ × d′, n₁ ≥ 2.
 * @param simulated n₂ × d′, n₂ ≥ 2, of the same encoder.
 * @throws InvalidArgumentError for fewer than 2 rows, different dimensions, values that are not finite, or a row without a direction.
 */
export function klCosine(real: Embeddings, simulated: Embeddings, options: KlCosineOptions = {}): number {
  const { bins = 50 } = options
  checkPair(real, simulated, 2)
  return histogramDivergence(cosineHistogram(real, bins).counts, cosineHistogram(simulated, bins).counts)
}

/** Σ p ln(p / q) in nats of two histograms' counts, smoothed as `klCosine` says. */
export function histogramDivergence(real: Float64Array, simulated: Float64Array): number {
  const [p, q] = normalisedPair(real, simulated)
  const smooth = (shares: Float64Array) =>
    shares.map((share) => (share + smoothing) / (1 + shares.length * smoothing))
  return Math.max(0, divergence(smooth(p), smooth(q)))
}
