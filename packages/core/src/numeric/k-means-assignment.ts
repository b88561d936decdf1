import { groupRows, type PackedRows } from './gemm-wasm.ts'
import { type Matrix, selectRows } from './matrix.ts'
import { directDistance, type Points, productsWith, squaredNorms } from './squared-distances.ts'

/** The points of a clustering and what all its iterations need of them. */
export interface MeasuredPoints {
  readonly points: Points
  readonly norms: Float64Array
  readonly packed: PackedRows | undefined
}

/** The nearest centre of each point, the first of equals. Its score of a centre is |c|² − 2 x · c: the squared distance less |x|². */
export interface Assignment {
  readonly labels: Int32Array
  /** Of the own centre. */
  readonly scores: Float64Array
  /** No other centre has a lower one. */
  readonly otherScores: Float64Array
}

export function firstAssignment(measured: MeasuredPoints, centres: Matrix): Assignment {
  const { rows } = measured.points
  const empty = {
    labels: new Int32Array(rows),
    scores: new Float64Array(rows),
    otherScores: new Float64Array(rows),
  }
  return assignAll(measured, centres, empty)
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
  if (moved.length > 0.9 * centres.rows) return assignAll(measured, centres, before)
  const { points, norms } = measured
  const centreNorms = squaredNorms(centres)
  const after = copyOf(before)
  const { labels, scores, otherScores } = after
  const width = moved.length
  const movedNorms = moved.map((centre) => centreNorms[centre] as number)
  const columnOf = new Int32Array(centres.rows).fill(-1)
  moved.forEach((centre, column) => (columnOf[centre] = column))
  const targets = selectRows(centres, moved)
  const open: number[] = []
  forEachGroup(measured, targets, (products, start, end) => {
    for (let row = start; row < end; row++) {
      const offset = (row - start) * width
      const label = labels[row] as number
      const own = columnOf[label] as number
      let other = otherScores[row] as number
      for (let column = 0; column < width; column++) {
        const score = (movedNorms[column] as number) - 2 * (products[offset + column] as number)
        if (score < other && column !== own) other = score
      }
      const score =
        own < 0
          ? (scores[row] as number)
          : (movedNorms[own] as number) - 2 * (products[offset + own] as number)
      scores[row] = score
      otherScores[row] = other
      const scale = (norms[row] as number) + (centreNorms[label] as number)
      if (other - score <= tieOf(points) * scale) open.push(row)
    }
  })
  for (let from = 0; from < open.length; from += groupRows) {
    const rows = open.slice(from, from + groupRows)
    const some = { rows: rows.length, columns: points.columns, data: dataOfRows(points, rows) } as Points
    const products = productsWith(some, 0, rows.length, centres.data, centres.rows)
    rows.forEach((row, index) =>
      assignRow(measured, row, products, index * centres.rows, centres, centreNorms, after),
    )
  }
  return after
}

function assignAll(measured: MeasuredPoints, centres: Matrix, before: Assignment): Assignment {
  const centreNorms = squaredNorms(centres)
  const after = copyOf(before)
  forEachGroup(measured, centres, (products, start, end) => {
    for (let row = start; row < end; row++) {
      assignRow(measured, row, products, (row - start) * centres.rows, centres, centreNorms, after)
    }
  })
  return after
}

/** Compares a point with all centres, given its products with them from `offset` on. */
function assignRow(
  { points, norms }: MeasuredPoints,
  row: number,
  products: Float64Array | Float32Array,
  offset: number,
  centres: Matrix,
  centreNorms: Float64Array,
  into: Assignment,
): void {
  const before = into.labels[row] as number
  let label = before
  let least = (centreNorms[before] as number) - 2 * (products[offset + before] as number)
  let second = Infinity
  for (let centre = 0; centre < centres.rows; centre++) {
    const score = (centreNorms[centre] as number) - 2 * (products[offset + centre] as number)
    if (score >= second || centre === before) continue
    if (score < least) {
      second = least
      least = score
      label = centre
    } else second = score
  }
  const scale = (norms[row] as number) + (centreNorms[label] as number)
  const tie = tieOf(points) * scale
  into.scores[row] = least
  into.otherScores[row] = second
  // Too close to call by products: measure directly.
  if (second - least <= tie) {
    let closest = Infinity
    for (let centre = 0; centre < centres.rows; centre++) {
      const estimate = (centreNorms[centre] as number) - 2 * (products[offset + centre] as number)
      if (estimate - least > 2 * tie) continue
      const distance = directDistance(points, row, centres.data, centre * centres.columns, centres.columns)
      if (distance < closest) {
        closest = distance
        label = centre
        into.scores[row] = estimate
      }
    }
    into.otherScores[row] = least
  }
  into.labels[row] = label
}

/** Part of |x|² + |c|² below which a difference of two scores says nothing. */
function tieOf({ data }: Points): number {
  return data instanceof Float32Array ? 1e-5 : 1e-12
}

function copyOf({ labels, scores, otherScores }: Assignment): Assignment {
  return { labels: labels.slice(), scores: scores.slice(), otherScores: otherScores.slice() }
}

function dataOfRows(points: Points, rows: readonly number[]): Float64Array | Float32Array {
  return selectRows<Float64Array | Float32Array>(points, rows).data
}

/** Visits the products of the points (rows) with the targets (columns), some rows at a time. */
function forEachGroup(
  { points, packed }: MeasuredPoints,
  targets: Matrix,
  visit: (products: Float64Array | Float32Array, start: number, end: number) => void,
): void {
  for (let start = 0; start < points.rows; start += groupRows) {
    const end = Math.min(points.rows, start + groupRows)
    const group = packed === undefined ? undefined : { ...packed, start }
    visit(productsWith(points, start, end, targets.data, targets.rows, group), start, end)
  }
}
