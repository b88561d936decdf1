import { forEachProducts, type MeasuredPoints } from './k-means-points.ts'
import { type Matrix, selectRows } from './matrix.ts'
import { directDistance, type Points } from './squared-distances.ts'

/**
 * The first centres of each run of k-means: greedy k-means++ (Arthur and Vassilvitskii 2007), with 2 + ⌊ln k⌋
 * candidates for each centre, of which the one that lowers the potential Σ D² most is taken. Fewer than k centres
 * come back where every point already coincides with one. The runs go in step, so that one matrix product
 * measures the candidates of all.
 */
export function chooseCentres(
  measured: MeasuredPoints,
  k: number,
  random: { next(): number },
  runs: number,
): readonly FirstCentres[] {
  const { points } = measured
  const candidates = candidatesFor(k)
  const all = Array.from({ length: runs }, (): Run => {
    const first = Math.min(points.rows - 1, Math.floor(random.next() * points.rows))
    const toNearest = new Float64Array(points.rows).fill(Infinity)
    return { chosen: [first], toNearest, labels: new Int32Array(points.rows), potential: Infinity }
  })
  const distances = new Float64Array(runs * candidates * points.rows)
  const firsts = all.map((run) => ({ run, tried: run.chosen }))
  measure(measured, firsts, distances)
  for (const [index, run] of all.entries()) lowerTo(run, distances, index)
  for (let size = 1; size < k; size++) {
    const open = all
      .filter(({ potential }) => potential > 0)
      .map((run) => ({
        run,
        tried: Array.from({ length: candidates }, () =>
          drawProportional(run.toNearest, random.next() * run.potential),
        ),
      }))
    if (open.length === 0) break
    const reached = measure(measured, open, distances)
    for (const [index, { run, tried }] of open.entries()) {
      const own = reached.subarray(index * candidates, (index + 1) * candidates)
      const best = own.indexOf(Math.min(...own))
      run.chosen.push(tried[best] as number)
      lowerTo(run, distances, index * candidates + best)
    }
  }
  return all.map(({ chosen, labels }) => {
    const { rows, columns, data } = selectRows<Float64Array | Float32Array>(points, chosen)
    return { centres: { rows, columns, data: new Float64Array(data) }, labels }
  })
}

/** Points tried for each centre of k. */
export function candidatesFor(k: number): number {
  return 2 + Math.floor(Math.log(k))
}

export interface FirstCentres {
  readonly centres: Matrix
  /** The nearest of them to each point. */
  readonly labels: Int32Array
}

interface Run {
  readonly chosen: number[]
  /** Squared distance of each point to the nearest of them. */
  readonly toNearest: Float64Array
  /** Which that is. */
  readonly labels: Int32Array
  /** The sum of the distances. */
  potential: number
}

/**
 * Writes the squared distances of the points tried (rows, of all runs) to all points (columns), exactly 0 for equal points. Returns the
 * potential each would leave to its run.
 */
function measure(
  measured: MeasuredPoints,
  attempts: readonly { readonly run: Run; readonly tried: readonly number[] }[],
  distances: Float64Array,
): Float64Array {
  const { points, norms } = measured
  const { rows, columns } = points
  const tried = attempts.flatMap((attempt) => attempt.tried.map((point) => ({ point, run: attempt.run })))
  const targets = selectRows<Float64Array | Float32Array>(
    points,
    tried.map(({ point }) => point),
  ) as Points
  const reached = new Float64Array(tried.length)
  forEachProducts(measured, targets, (products, offset, stride, start, count) => {
    for (const [target, { point, run }] of tried.entries()) {
      const norm = norms[point] as number
      const at = offset + target * stride
      let potential = reached[target] as number
      for (let index = 0; index < count; index++) {
        const row = start + index
        const scale = norm + (norms[row] as number)
        let distance = scale - 2 * (products[at + index] as number)
        // The difference of large numbers says nothing about small distances.
        if (distance <= 1e-3 * scale) {
          distance = directDistance(points, row, targets.data, target * columns, columns)
        }
        distances[target * rows + row] = distance
        potential += Math.min(run.toNearest[row] as number, distance)
      }
      reached[target] = potential
    }
  })
  return reached
}

/** Adds to a run the centre it chose last, whose distances stand in row `target`. */
function lowerTo(run: Run, distances: Float64Array, target: number): void {
  const { toNearest, labels, chosen } = run
  const offset = target * toNearest.length
  const label = chosen.length - 1
  let potential = 0
  for (let index = 0; index < toNearest.length; index++) {
    const distance = distances[offset + index] as number
    if (distance < (toNearest[index] as number)) {
      toNearest[index] = distance
      labels[index] = label
    }
    potential += toNearest[index] as number
  }
  run.potential = potential
}

function drawProportional(weights: Float64Array, target: number): number {
  let remaining = target
  let lastPositive = 0
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    if (weight === 0) continue
    lastPositive = index
    remaining -= weight
    if (remaining < 0) return index
  }
  return lastPositive
}
