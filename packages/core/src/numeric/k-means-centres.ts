import type { MeasuredPoints } from './k-means-assignment.ts'
import { type Matrix, zeros } from './matrix.ts'
import { distancesTo, pointAt, sumOf } from './squared-distances.ts'

/**
 * The first centres of each run of k-means: greedy k-means++ (Arthur and Vassilvitskii 2007), with 2 + ⌊ln k⌋
 * candidates for each centre, of which the one that lowers the potential Σ D² most is taken. Fewer than k centres
 * come back where every point already coincides with one. The runs go in step, so that one matrix product
 * measures the candidates of all.
 */
export function chooseCentres(
  { points, norms, packed }: MeasuredPoints,
  k: number,
  random: { next(): number },
  runs: number,
): readonly Matrix[] {
  const candidates = 2 + Math.floor(Math.log(k))
  const all = Array.from({ length: runs }, () => {
    const first = Math.min(points.rows - 1, Math.floor(random.next() * points.rows))
    return { chosen: [first], toNearest: new Float64Array(points.rows).fill(Infinity) }
  })
  const firsts = all.flatMap(({ chosen }) => chosen)
  const toFirsts = distancesTo(points, norms, firsts, packed)
  for (const [run, { toNearest }] of all.entries()) lowerTo(toNearest, toFirsts, runs, run)
  for (let size = 1; size < k; size++) {
    const open = all
      .map(({ chosen, toNearest }) => ({ chosen, toNearest, potential: sumOf(toNearest) }))
      .filter(({ potential }) => potential > 0)
    if (open.length === 0) break
    const tried = open.flatMap(({ toNearest, potential }) =>
      Array.from({ length: candidates }, () => drawProportional(toNearest, random.next() * potential)),
    )
    const distances = distancesTo(points, norms, tried, packed)
    for (const [run, { chosen, toNearest }] of open.entries()) {
      const best = bestCandidate(toNearest, distances, tried.length, run * candidates, candidates)
      chosen.push(tried[best] as number)
      lowerTo(toNearest, distances, tried.length, best)
    }
  }
  return all.map(({ chosen }) => {
    const centres = zeros(chosen.length, points.columns)
    chosen.forEach((point, row) => centres.data.set(pointAt(points, point), row * points.columns))
    return centres
  })
}

/** The column, of `count` from `first` on, that leaves the least potential. */
function bestCandidate(
  toNearest: Float64Array,
  distances: Float64Array,
  stride: number,
  first: number,
  count: number,
): number {
  let best = first
  let bestPotential = Infinity
  for (let column = first; column < first + count; column++) {
    let reached = 0
    for (let point = 0; point < toNearest.length; point++) {
      reached += Math.min(toNearest[point] as number, distances[point * stride + column] as number)
    }
    if (reached < bestPotential) {
      bestPotential = reached
      best = column
    }
  }
  return best
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

function lowerTo(values: Float64Array, distances: Float64Array, stride: number, column: number): void {
  for (let index = 0; index < values.length; index++) {
    values[index] = Math.min(values[index] as number, distances[index * stride + column] as number)
  }
}
