import { type Matrix, zeros } from './matrix.ts'
import type { Points } from './squared-distances.ts'

/** The sums and sizes of the clusters of `labels`, kept up to date as points change cluster. */
export interface ClusterSums {
  readonly sums: Matrix
  readonly sizes: Int32Array
  labels: Int32Array
}

export function clusterSums(points: Points, labels: Int32Array, clusters: number): ClusterSums {
  const sums = zeros(clusters, points.columns)
  const sizes = new Int32Array(clusters)
  for (let row = 0; row < points.rows; row++) {
    const label = labels[row] as number
    sizes[label] = (sizes[label] as number) + 1
    addPoint(sums, label, points, row, 1)
  }
  return { sums, sizes, labels }
}

/** Moves the points whose label is another now; the clusters that lost or gained one, ascending. */
export function relabel(clusters: ClusterSums, points: Points, labels: Int32Array): readonly number[] {
  const { sums, sizes, labels: before } = clusters
  const touched = new Set<number>()
  for (let row = 0; row < points.rows; row++) {
    const [from, to] = [before[row] as number, labels[row] as number]
    if (from === to) continue
    sizes[from] = (sizes[from] as number) - 1
    sizes[to] = (sizes[to] as number) + 1
    addPoint(sums, from, points, row, -1)
    addPoint(sums, to, points, row, 1)
    touched.add(from).add(to)
  }
  clusters.labels = labels
  return [...touched].toSorted((a, b) => a - b)
}

/** `centres` with those of the given clusters, none of them empty, at the mean of their points. */
export function movedCentres(
  { sums, sizes }: ClusterSums,
  centres: Matrix,
  moved: readonly number[],
): Matrix {
  const { rows, columns } = centres
  const data = centres.data.slice()
  for (const cluster of moved) {
    const size = sizes[cluster] as number
    for (let at = cluster * columns, end = at + columns; at < end; at++)
      data[at] = (sums.data[at] as number) / size
  }
  return { rows, columns, data }
}

function addPoint(sums: Matrix, cluster: number, points: Points, row: number, sign: 1 | -1): void {
  const into = cluster * points.columns
  const from = row * points.columns
  for (let column = 0; column < points.columns; column++) {
    sums.data[into + column] =
      (sums.data[into + column] as number) + sign * (points.data[from + column] as number)
  }
}
