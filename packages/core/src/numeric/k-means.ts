import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { packedRows } from './gemm.ts'
import type { PackedRows } from './gemm-wasm.ts'
import { chooseCentres } from './k-means-centres.ts'
import { type Matrix, zeros } from './matrix.ts'
import { directDistance, type Points, productsWith, squaredNorms, sumOf } from './squared-distances.ts'

export interface KMeansOptions {
  /** Source of randomness for the first centres; a `Random` fits. */
  readonly random: { next(): number }
  /** Independent runs, of which the one of least inertia is returned. Default 3. */
  readonly restarts?: number
  /** Lloyd iterations per run. Default 100. */
  readonly maxIterations?: number
  /** A run ends when an iteration lowers the inertia by less than this part of it. Default 1e-6. */
  readonly tolerance?: number
}

export interface KMeansResult {
  /** Cluster of each point. */
  readonly labels: Int32Array
  /** One row per cluster. Fewer than k where there are fewer distinct points; no cluster is empty. */
  readonly centres: Matrix
  readonly sizes: Int32Array
  /** Of each point to its own centre. */
  readonly squaredDistances: Float64Array
  /** Σ of the squared distances, within clusters. */
  readonly inertia: number
  /** The inertia after each iteration of the run that is returned; it never rises. */
  readonly inertias: readonly number[]
}

const rowsAtOnce = 2048

/**
 * K-means: Lloyd's iterations from greedy k-means++ centres (Arthur and Vassilvitskii 2007; with 2 + ⌊ln k⌋
 * candidates per centre, of which the one that lowers the potential most is taken), best of several runs.
 * A cluster that empties gets the point farthest from its own centre.
 *
 * @param points one row per point, finite.
 * @throws InvalidArgumentError without points or for k < 1.
 */
export function kMeans(points: Points, k: number, options: KMeansOptions): KMeansResult {
  const { random, restarts = 3, maxIterations = 100, tolerance = 1e-6 } = options
  const natural = { k, restarts, maxIterations }
  for (const [argument, found] of Object.entries(natural)) {
    if (!Number.isInteger(found) || found < 1) {
      throw new InvalidArgumentError({ argument, expected: 'an integer ≥ 1', found })
    }
  }
  if (points.rows === 0 || points.columns === 0) {
    throw new InvalidArgumentError({
      argument: 'points',
      expected: 'at least one point of one dimension',
      found: `${points.rows} x ${points.columns}`,
    })
  }
  if (!points.data.every((value) => Number.isFinite(value))) {
    throw new InvalidArgumentError({ argument: 'points', expected: 'finite', found: 'NaN or Infinity' })
  }
  const norms = squaredNorms(points)
  const firsts = chooseCentres(points, norms, Math.min(k, points.rows), random, restarts)
  const chunks = chunksOf(points)
  let best: KMeansResult | undefined
  for (const first of firsts) {
    const result = iterate(points, norms, chunks, first, maxIterations, tolerance)
    if (best === undefined || result.inertia < best.inertia) best = result
  }
  return best as KMeansResult
}

function iterate(
  points: Points,
  norms: Float64Array,
  chunks: readonly Chunk[],
  first: Matrix,
  maxIterations: number,
  tolerance: number,
): KMeansResult {
  let centres = first
  let labels = nearest(points, norms, chunks, centres)
  let next = labels
  let settled = false
  const inertias: number[] = []
  let squaredDistances = new Float64Array(points.rows)
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    labels = fillEmpty(points, centres, labels)
    centres = means(points, labels, centres.rows)
    squaredDistances = distancesToOwn(points, centres, labels)
    const inertia = sumOf(squaredDistances)
    const previous = inertias.at(-1)
    inertias.push(inertia)
    next = nearest(points, norms, chunks, centres)
    settled = next.every((label, index) => label === labels[index])
    if (settled) break
    if (previous !== undefined && previous - inertia <= tolerance * previous) break
    if (iteration + 1 < maxIterations) labels = next
  }
  // Should the last assignment empty a cluster, the one before it stands.
  if (!settled && !sizesOf(next, centres.rows).includes(0)) {
    labels = next
    squaredDistances = distancesToOwn(points, centres, labels)
  }
  return {
    labels,
    centres,
    sizes: sizesOf(labels, centres.rows),
    squaredDistances,
    inertia: sumOf(squaredDistances),
    inertias,
  }
}

/** Rows whose products with the centres are taken at once, packed for all iterations. */
interface Chunk {
  readonly start: number
  readonly end: number
  readonly packed: PackedRows | undefined
}

function chunksOf(points: Points): readonly Chunk[] {
  const { columns, data } = points
  return Array.from({ length: Math.ceil(points.rows / rowsAtOnce) }, (_, index) => {
    const start = index * rowsAtOnce
    const end = Math.min(points.rows, start + rowsAtOnce)
    const rows = { rows: end - start, columns, data: data.subarray(start * columns, end * columns) }
    return { start, end, packed: packedRows(rows) }
  })
}

/** The nearest centre of each point, the first of equals. */
function nearest(points: Points, norms: Float64Array, chunks: readonly Chunk[], centres: Matrix): Int32Array {
  const labels = new Int32Array(points.rows)
  const centreNorms = squaredNorms(centres)
  const tie = points.data instanceof Float32Array ? 1e-5 : 1e-12
  for (const { start, end, packed } of chunks) {
    const products = productsWith(points, start, end, centres.data, centres.rows, packed)
    for (let row = start; row < end; row++) {
      const offset = (row - start) * centres.rows
      let label = 0
      let least = Infinity
      let second = Infinity
      for (let centre = 0; centre < centres.rows; centre++) {
        const distance = (centreNorms[centre] as number) - 2 * (products[offset + centre] as number)
        if (distance < least) {
          second = least
          least = distance
          label = centre
        } else if (distance < second) second = distance
      }
      const scale = (norms[row] as number) + (centreNorms[label] as number)
      // Too close to call by products: measure directly.
      if (second - least <= tie * scale) {
        let closest = Infinity
        for (let centre = 0; centre < centres.rows; centre++) {
          const estimate = (centreNorms[centre] as number) - 2 * (products[offset + centre] as number)
          if (estimate - least > 2 * tie * scale) continue
          const distance = directDistance(
            points,
            row,
            centres.data,
            centre * centres.columns,
            centres.columns,
          )
          if (distance < closest) {
            closest = distance
            label = centre
          }
        }
      }
      labels[row] = label
    }
  }
  return labels
}

/** Gives each empty cluster the point farthest from its own centre, of clusters that have more than one. */
function fillEmpty(points: Points, centres: Matrix, labels: Int32Array): Int32Array {
  const sizes = sizesOf(labels, centres.rows)
  if (!sizes.includes(0)) return labels
  const filled = labels.slice()
  const distances = distancesToOwn(points, centres, labels)
  const farthest = [...distances.keys()].toSorted(
    (a, b) => (distances[b] as number) - (distances[a] as number),
  )
  for (let cluster = 0; cluster < sizes.length; cluster++) {
    if (sizes[cluster] !== 0) continue
    const at = farthest.findIndex((point) => (sizes[filled[point] as number] as number) > 1)
    const [point] = farthest.splice(at, 1)
    const from = filled[point as number] as number
    sizes[from] = (sizes[from] as number) - 1
    sizes[cluster] = 1
    filled[point as number] = cluster
  }
  return filled
}

function means(points: Points, labels: Int32Array, k: number): Matrix {
  const centres = zeros(k, points.columns)
  const sizes = sizesOf(labels, k)
  for (let row = 0; row < points.rows; row++) {
    const into = (labels[row] as number) * points.columns
    const from = row * points.columns
    for (let column = 0; column < points.columns; column++) {
      centres.data[into + column] =
        (centres.data[into + column] as number) + (points.data[from + column] as number)
    }
  }
  for (let index = 0; index < centres.data.length; index++) {
    centres.data[index] =
      (centres.data[index] as number) / (sizes[Math.floor(index / points.columns)] as number)
  }
  return centres
}

function distancesToOwn(points: Points, centres: Matrix, labels: Int32Array): Float64Array<ArrayBuffer> {
  const distances = new Float64Array(points.rows)
  for (let row = 0; row < points.rows; row++) {
    const start = (labels[row] as number) * points.columns
    distances[row] = directDistance(points, row, centres.data, start, points.columns)
  }
  return distances
}

function sizesOf(labels: Int32Array, k: number): Int32Array<ArrayBuffer> {
  const sizes = new Int32Array(k)
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1
  return sizes
}
