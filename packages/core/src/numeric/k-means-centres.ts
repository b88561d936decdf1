import { type Matrix, zeros } from './matrix.ts'
import { distancesTo, pointAt, type Points, sumOf } from './squared-distances.ts'

/**
 * The first centres of k-means: greedy k-means++ (Arthur and Vassilvitskii 2007), with 2 + ⌊ln k⌋ candidates for
 * each centre, of which the one that lowers the potential Σ D² most is taken. Fewer than k centres come back
 * where every point already coincides with one.
 */
export function chooseCentres(
  points: Points,
  norms: Float64Array,
  k: number,
  random: { next(): number },
): Matrix {
  const candidates = 2 + Math.floor(Math.log(k))
  const chosen = [Math.min(points.rows - 1, Math.floor(random.next() * points.rows))]
  const toNearest = new Float64Array(points.rows).fill(Infinity)
  lowerTo(toNearest, distancesTo(points, norms, chosen), 1, 0)
  while (chosen.length < k) {
    const potential = sumOf(toNearest)
    if (potential === 0) break
    const tried = Array.from({ length: candidates }, () =>
      drawProportional(toNearest, random.next() * potential),
    )
    const distances = distancesTo(points, norms, tried)
    let best = 0
    let bestPotential = Infinity
    for (let candidate = 0; candidate < candidates; candidate++) {
      let reached = 0
      for (let point = 0; point < points.rows; point++) {
        reached += Math.min(toNearest[point] as number, distances[point * candidates + candidate] as number)
      }
      if (reached < bestPotential) {
        bestPotential = reached
        best = candidate
      }
    }
    chosen.push(tried[best] as number)
    lowerTo(toNearest, distances, candidates, best)
  }
  const centres = zeros(chosen.length, points.columns)
  chosen.forEach((point, row) => centres.data.set(pointAt(points, point), row * points.columns))
  return centres
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
