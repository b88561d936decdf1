import { cosineHistogram } from '../embedding/cosine-histogram.ts'
import type { CosineShares } from './portrait.ts'
import type { EmbeddedSeries } from './portray-map.ts'

/** The bins of `klCosine`. */
const bins = 50

/** The histograms whose divergence KL cosine is, as shares. @param series of at least two rows each, none of zeros. */
export function portrayCosines(series: readonly EmbeddedSeries[]): CosineShares {
  return {
    bins,
    series: series.map(({ arm, embeddings }) => {
      const { counts } = cosineHistogram(embeddings, bins)
      const pairs = counts.reduce((sum, count) => sum + count, 0)
      return {
        ...(arm !== undefined && { arm }),
        pairs,
        shares: Array.from(counts, (count) => count / pairs),
      }
    }),
  }
}
