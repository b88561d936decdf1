import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { assignAll, reassign } from './k-means-assignment.ts'
import { candidatesFor, chooseCentres, type FirstCentres } from './k-means-centres.ts'
import { type ClusterSums, clusterSums, movedCentres, relabel } from './k-means-means.ts'
import { measuredPoints, type MeasuredPoints } from './k-means-points.ts'
import { type Matrix, rowOf } from './matrix.ts'
import { directDistance, type Points, squaredNorms, sumOf } from './squared-distances.ts'

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

/**
 * K-means: Lloyd's iterations from greedy k-means++ centres (Arthur and Vassilvitskii 2007; with 2 + ⌊ln k⌋
 * candidates per centre, of which the one that lowers the potential most is taken), best of several runs.
 * A cluster that empties gets the point farthest from its own centre.
 *
 * @param points one row per point, finite.
 * @throws InvalidArgumentError without points or for k < 1.
 */
export function kMeans(points: Points, k: number, options: KMeansOptions): KMeansResult {
  const { restarts = 3, maxIterations = 100 } = options
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
  const unit = unitOf(points)
  const inUnits =
    unit === 1 ? points : ({ ...points, data: points.data.map((value) => value / unit) } as Points)
  const most = Math.min(k, points.rows)
  const measured = measuredPoints(inUnits, Math.max(most, restarts * candidatesFor(most)))
  try {
    const best = bestRun(measured, most, options)
    return unit === 1 ? best : inUnitsOf(best, unit)
  } finally {
    measured.packed?.end()
  }
}

/** Magnitudes whose products neither overflow nor vanish, also in single precision. */
const leastSafe = 2 ** -30
const mostSafe = 2 ** 30

/** 1, or where the largest magnitude is not safe a power of two near it, so that nothing is rounded. */
function unitOf({ data }: Points): number {
  let largest = 0
  for (let index = 0; index < data.length; index++)
    largest = Math.max(largest, Math.abs(data[index] as number))
  if (largest === 0 || !(largest < Infinity) || (largest >= leastSafe && largest <= mostSafe)) return 1
  return 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}

function inUnitsOf(result: KMeansResult, unit: number): KMeansResult {
  const square = (value: number): number => value * unit * unit
  return {
    ...result,
    centres: { ...result.centres, data: result.centres.data.map((value) => value * unit) },
    squaredDistances: result.squaredDistances.map(square),
    inertia: square(result.inertia),
    inertias: result.inertias.map(square),
  }
}

function bestRun(measured: MeasuredPoints, k: number, options: KMeansOptions): KMeansResult {
  const { random, restarts = 3, maxIterations = 100, tolerance = 1e-6 } = options
  const { points } = measured
  for (const [row, norm] of measured.norms.entries()) {
    // A norm may also overflow.
    if (Number.isFinite(norm) || rowOf<Float64Array | Float32Array>(points, row).every(Number.isFinite))
      continue
    throw new InvalidArgumentError({ argument: 'points', expected: 'finite', found: `row ${row} is not` })
  }
  let least: KMeansResult | undefined
  for (const first of chooseCentres(measured, k, random, restarts)) {
    const result = iterate(measured, first, maxIterations, tolerance)
    if (least === undefined || result.inertia < least.inertia) least = result
  }
  return least as KMeansResult
}

function iterate(
  measured: MeasuredPoints,
  first: FirstCentres,
  maxIterations: number,
  tolerance: number,
): KMeansResult {
  const { points } = measured
  const every = Array.from({ length: first.centres.rows }, (_, cluster) => cluster)
  const clusters = clusterSums(points, fillEmpty(points, first.centres, first.labels), every.length)
  let centres = movedCentres(clusters, first.centres, every)
  let assignment = assignAll(measured, centres, clusters.labels)
  let settled = false
  const inertias: number[] = []
  for (;;) {
    const inertia = inertiaOf(measured, centres, clusters)
    const previous = inertias.at(-1)
    inertias.push(inertia)
    const before = clusters.labels
    settled = assignment.labels.every((label, index) => label === before[index])
    if (settled || inertias.length === maxIterations) break
    if (previous !== undefined && previous - inertia <= tolerance * previous) break
    const labels = fillEmpty(points, centres, assignment.labels)
    const moved = relabel(clusters, points, labels)
    centres = movedCentres(clusters, centres, moved)
    // Scores of a point that was moved to an empty cluster say nothing.
    assignment =
      labels === assignment.labels
        ? reassign(measured, centres, assignment, moved)
        : assignAll(measured, centres, labels)
  }
  // Should the last assignment empty a cluster, the one before it stands.
  const last = sizesOf(assignment.labels, centres.rows)
  const stands = settled || !last.includes(0)
  const labels = stands ? assignment.labels : clusters.labels
  const squaredDistances = distancesToOwn(points, centres, labels)
  return {
    labels,
    centres,
    sizes: stands ? last : sizesOf(labels, centres.rows),
    squaredDistances,
    inertia: sumOf(squaredDistances),
    inertias,
  }
}

/** Σ |x − c|² where every centre is the mean of its points: Σ |x|² − Σ size |c|². */
function inertiaOf(
  { points, norms }: MeasuredPoints,
  centres: Matrix,
  { sizes, labels }: ClusterSums,
): number {
  const total = sumOf(norms)
  let inertia = total
  for (const [cluster, norm] of squaredNorms(centres).entries()) inertia -= (sizes[cluster] as number) * norm
  // The difference of large numbers says nothing about small inertias.
  return inertia > 1e-5 * total ? inertia : sumOf(distancesToOwn(points, centres, labels))
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
