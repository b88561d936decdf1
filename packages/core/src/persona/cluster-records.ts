import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { kMeans } from '../numeric/k-means.ts'
import { matrix } from '../numeric/matrix.ts'
import type { Random } from '../random/random.ts'
import type { PopulationRecord } from '../record/population-record.ts'

export interface RecordCluster {
  /** From 0, the largest cluster first. */
  readonly index: number
  /** Positions of its records in the list that was clustered, the nearest to the centre first. */
  readonly members: readonly number[]
  readonly centre: Float64Array
}

/**
 * K-means on the embeddings of records (each encoded as one text, input then output). Fewer clusters than K
 * come back where there are fewer distinct embeddings; none is empty.
 *
 * @param embeddings one vector per record, all of one length.
 * @throws InvalidArgumentError when they do not match the records.
 */
export function clusterRecords(
  records: readonly PopulationRecord[],
  embeddings: readonly Float32Array[],
  K: number,
  random: Random,
): readonly RecordCluster[] {
  const dimension = embeddings[0]?.length ?? 0
  if (embeddings.length !== records.length || embeddings.some(({ length }) => length !== dimension)) {
    throw new InvalidArgumentError({
      argument: 'embeddings',
      expected: `one vector of one length for each of the ${records.length} records`,
      found: `${embeddings.length} vectors of lengths ${[...new Set(embeddings.map(({ length }) => length))].join(', ')}`,
    })
  }
  const data = new Float32Array(records.length * dimension)
  for (const [index, embedding] of embeddings.entries()) data.set(embedding, index * dimension)
  const { labels, centres, squaredDistances } = kMeans(matrix(records.length, dimension, data), K, { random })
  const members = Array.from({ length: centres.rows }, (): number[] => [])
  for (const [index, label] of labels.entries()) members[label]?.push(index)
  return members
    .map((indices, label) => ({
      members: indices.toSorted((a, b) => (squaredDistances[a] ?? 0) - (squaredDistances[b] ?? 0)),
      centre: centres.data.slice(label * dimension, (label + 1) * dimension),
    }))
    .toSorted((a, b) => b.members.length - a.members.length)
    .map((cluster, index) => ({ index, ...cluster }))
}
