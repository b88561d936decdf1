import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { kMeans } from '../numeric/k-means.ts'
import { matrixFromRows } from '../numeric/matrix.ts'
import type { Random } from '../random/random.ts'

export interface Representative<Row> {
  readonly row: Row
  /** Its position among the rows. */
  readonly index: number
  /** Part of the total weight that it stands for. */
  readonly share: number
  /** Positions of the rows it stands for, itself included. */
  readonly members: readonly number[]
}

/**
 * A few rows that stand for all: embeddings are clustered by k-means, and each cluster of positive weight gives
 * its medoid, the member of positive weight whose weighted sum of squared distances to the members is least (which is the
 * one nearest their weighted mean). The greatest share first; fewer than k where embeddings coincide.
 *
 * @param embeddings one vector per row. @param weights one number ≥ 0 per row, not all zero.
 */
export function representatives<Row>(
  rows: readonly Row[],
  embeddings: readonly Float32Array[],
  weights: ArrayLike<number>,
  k: number,
  random: Random,
): readonly Representative<Row>[] {
  if (embeddings.length !== rows.length || weights.length !== rows.length) {
    throw new InvalidArgumentError({
      argument: 'embeddings, weights',
      expected: `one for each of the ${rows.length} rows`,
      found: `${embeddings.length} embeddings, ${weights.length} weights`,
    })
  }
  const total = Array.from(weights).reduce((sum, weight) => sum + (weight >= 0 ? weight : Number.NaN), 0)
  if (!(total > 0 && Number.isFinite(total))) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: 'numbers ≥ 0, not all zero',
      found: `a sum of ${total}`,
    })
  }
  const { labels, centres } = kMeans(matrixFromRows(embeddings), k, { random })
  const members = Array.from({ length: centres.rows }, (): number[] => [])
  for (const [index, label] of labels.entries()) members[label]?.push(index)
  return members
    .map((indices) => ({
      indices,
      weight: indices.reduce((sum, index) => sum + (weights[index] as number), 0),
    }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ indices, weight }) => {
      const index = medoidOf(indices, embeddings, weights)
      return { row: rows[index] as Row, index, share: weight / total, members: indices }
    })
}

function medoidOf(
  indices: readonly number[],
  embeddings: readonly Float32Array[],
  weights: ArrayLike<number>,
): number {
  const mean = new Float64Array(embeddings[0]?.length ?? 0)
  let total = 0
  for (const index of indices) {
    const weight = weights[index] as number
    total += weight
    for (const [axis, value] of (embeddings[index] ?? []).entries())
      mean[axis] = (mean[axis] as number) + weight * value
  }
  const distance = (index: number): number =>
    mean.reduce(
      (sum, value, axis) => sum + (value / total - (embeddings[index]?.[axis] ?? Number.NaN)) ** 2,
      0,
    )
  return indices
    .filter((index) => (weights[index] as number) > 0)
    .map((index) => ({ index, distance: distance(index) }))
    .reduce((best, candidate) => (candidate.distance < best.distance ? candidate : best)).index
}
