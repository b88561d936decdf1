import { forEachProducts, type MeasuredPoints } from './k-means-points.ts'
import { type Matrix, selectRows } from './matrix.ts'
import { directDistance, type Points, squaredNorms } from './squared-distances.ts'

/** The nearest centre of each point, the first of equals. Its score of a centre is |c|² − 2 x · c: the squared distance less |x|². */
export interface Assignment {
  readonly labels: Int32Array
  /** Of the own centre. */
  readonly scores: Float64Array
  /** No other centre has a lower one. */
  readonly otherScores: Float64Array
}

/**
 * The assignment after the centres `moved` (ascending) moved. Only these are measured, and a point is compared with all centres again
 * only where its own may no longer be the nearest: late iterations move few centres.
 */
export function reassign(
  measured: MeasuredPoints,
  centres: Matrix,
  before: Assignment,
  moved: readonly number[],
): Assignment {
  if (moved.length === 0) return before
  if (moved.length > 0.9 * centres.rows) return assignAll(measured, centres, before.labels)
  const { points, norms } = measured
  const centreNorms = squaredNorms(centres)
  const targets = selectRows(centres, moved)
  const placeOf = new Int32Array(centres.rows).fill(-1)
  moved.forEach((centre, place) => (placeOf[centre] = place))
  const labels = before.labels.slice()
  const scores = before.scores.slice()
  const otherScores = before.otherScores.slice()
  const open: number[] = []
  forEachProducts(measured, targets, (products, offset, stride, start, count) => {
    for (const [place, centre] of moved.entries()) {
      const norm = centreNorms[centre] as number
      const at = offset + place * stride
      for (let index = 0; index < count; index++) {
        const row = start + index
        const score = norm - 2 * (products[at + index] as number)
        if (labels[row] === centre) scores[row] = score
        else if (score < (otherScores[row] as number)) otherScores[row] = score
      }
    }
    for (let row = start; row < start + count; row++) {
      const scale = (norms[row] as number) + (centreNorms[labels[row] as number] as number)
      if ((otherScores[row] as number) - (scores[row] as number) <= tieOf(points) * scale) open.push(row)
    }
  })
  if (open.length > 0) {
    const some: MeasuredPoints = {
      points: selectRows<Float64Array | Float32Array>(points, open) as Points,
      norms: Float64Array.from(open, (row) => norms[row] as number),
      packed: undefined,
    }
    const again = assignAll(
      some,
      centres,
      Int32Array.from(open, (row) => labels[row] as number),
    )
    for (const [index, row] of open.entries()) {
      labels[row] = again.labels[index] as number
      scores[row] = again.scores[index] as number
      otherScores[row] = again.otherScores[index] as number
    }
  }
  return { labels, scores, otherScores }
}

/** All points compared with all centres. @param guesses a centre of each point that may be its nearest. */
export function assignAll(measured: MeasuredPoints, centres: Matrix, guesses: Int32Array): Assignment {
  const { points, norms } = measured
  const centreNorms = squaredNorms(centres)
  const labels = guesses.slice()
  const scores = new Float64Array(points.rows)
  const otherScores = new Float64Array(points.rows).fill(Infinity)
  forEachProducts(measured, centres, (products, offset, stride, start, count) => {
    const score = (centre: number, index: number) =>
      (centreNorms[centre] as number) - 2 * (products[offset + centre * stride + index] as number)
    for (let index = 0; index < count; index++) {
      scores[start + index] = score(guesses[start + index] as number, index)
    }
    for (let centre = 0; centre < centres.rows; centre++) {
      const norm = centreNorms[centre] as number
      const at = offset + centre * stride
      for (let index = 0; index < count; index++) {
        const row = start + index
        const found = norm - 2 * (products[at + index] as number)
        if (found >= (otherScores[row] as number) || centre === guesses[row]) continue
        if (found < (scores[row] as number)) {
          otherScores[row] = scores[row] as number
          scores[row] = found
          labels[row] = centre
        } else otherScores[row] = found
      }
    }
    for (let index = 0; index < count; index++) {
      const row = start + index
      const least = scores[row] as number
      const scale = (norms[row] as number) + (centreNorms[labels[row] as number] as number)
      const tie = tieOf(points) * scale
      if ((otherScores[row] as number) - least > tie) continue
      // Too close to call by products: measure directly.
      let closest = Infinity
      for (let centre = 0; centre < centres.rows; centre++) {
        if (score(centre, index) - least > 2 * tie) continue
        const distance = directDistance(points, row, centres.data, centre * centres.columns, centres.columns)
        if (distance < closest) {
          closest = distance
          labels[row] = centre
        }
      }
      scores[row] = score(labels[row] as number, index)
      otherScores[row] = least
    }
  })
  return { labels, scores, otherScores }
}

/** Part of |x|² + |c|² below which a difference of two scores says nothing. */
function tieOf({ data }: Points): number {
  return data instanceof Float32Array ? 1e-5 : 1e-12
}
