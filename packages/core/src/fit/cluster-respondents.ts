import { matrixFromRows } from '../numeric/matrix.ts'
import { kMeans } from '../numeric/k-means.ts'
import type { RecordCluster } from '../persona/cluster-records.ts'
import type { Random } from '../random/random.ts'
import type { PopulationRecord } from '../record/population-record.ts'

/**
 * K-means on people rather than on records, for populations whose members answered several questions. A respondent is
 * the sum of what sets each of their answers apart from the mean answer to that question, so that
 * clusters differ in how people answer and not in what they were asked.
 */
export function clusterRespondents(
  records: readonly PopulationRecord[],
  embeddings: readonly Float32Array[],
  count: number,
  random: Random,
): readonly RecordCluster[] {
  const dimension = embeddings[0]?.length ?? 0
  const means = meanByInput(records, embeddings, dimension)
  const membersOf = new Map<string, number[]>()
  for (const [index, record] of records.entries()) {
    const respondent = record.respondent ?? `record ${record.id}`
    const members = membersOf.get(respondent)
    if (members === undefined) membersOf.set(respondent, [index])
    else members.push(index)
  }
  const people = [...membersOf.values()]
  const vectors = people.map((members) => {
    const sum = new Float64Array(dimension)
    for (const member of members) {
      const mean = means.get(records[member]?.input ?? '') as Float64Array
      const embedding = embeddings[member] as Float32Array
      for (let d = 0; d < dimension; d += 1) {
        sum[d] = (sum[d] as number) + (embedding[d] as number) - (mean[d] as number)
      }
    }
    const norm = Math.hypot(...sum)
    return norm === 0 ? sum : sum.map((value) => value / norm)
  })
  const { labels, centres, squaredDistances } = kMeans(matrixFromRows(vectors, dimension), count, { random })
  const groups = Array.from({ length: centres.rows }, (): number[] => [])
  for (const [person, label] of labels.entries()) groups[label]?.push(person)
  return groups
    .map((group, label) => ({
      members: group
        .toSorted((a, b) => (squaredDistances[a] as number) - (squaredDistances[b] as number))
        .flatMap((person) => people[person] ?? []),
      centre: centres.data.slice(label * dimension, (label + 1) * dimension),
    }))
    .toSorted((a, b) => b.members.length - a.members.length)
    .map((cluster, index) => ({ index, members: cluster.members, centre: Float64Array.from(cluster.centre) }))
}

function meanByInput(
  records: readonly PopulationRecord[],
  embeddings: readonly Float32Array[],
  dimension: number,
): Map<string, Float64Array> {
  const sums = new Map<string, { sum: Float64Array; count: number }>()
  for (const [index, { input }] of records.entries()) {
    const entry = sums.get(input) ?? { sum: new Float64Array(dimension), count: 0 }
    const embedding = embeddings[index] as Float32Array
    for (let d = 0; d < dimension; d += 1) entry.sum[d] = (entry.sum[d] as number) + (embedding[d] as number)
    entry.count += 1
    sums.set(input, entry)
  }
  return new Map(Array.from(sums, ([input, { sum, count }]) => [input, sum.map((value) => value / count)]))
}
