import type { Vector } from './euclidean-distance.ts'

/** 1 − cos of two unit vectors, the mean over all pairs of different rows; 0 for fewer than two. */
export function meanCosineDistance(vectors: readonly Vector[]): number {
  let sum = 0
  let pairs = 0
  for (const [index, a] of vectors.entries()) {
    for (const b of vectors.slice(index + 1)) {
      let dot = 0
      for (let k = 0; k < a.length; k++) dot += (a[k] ?? 0) * (b[k] ?? 0)
      sum += 1 - dot
      pairs += 1
    }
  }
  return pairs === 0 ? 0 : Math.max(0, sum / pairs)
}
