import { roundedBlock, type RoundedRows, roundedRows } from '@mop/core/numeric'
import { type Embeddings, unitRows } from './embeddings.ts'
import { forEachPairBlock } from './pair-blocks.ts'

/** Estimated cosines of row `row` with `count` rows from `columnStart` on: values[offset + …] · unit, all within `error`. */
export interface CosineRow {
  readonly row: number
  readonly columnStart: number
  readonly count: number
  readonly values: Int32Array | Float32Array | Float64Array
  readonly offset: number
}

export interface CosineRows {
  readonly unit: number
  readonly error: number
  /** Visits every pair i < j of rows once. Values are overwritten after the visit. */
  readonly forEach: (visit: (row: CosineRow) => void) => void
  /** Better estimates and what they are within; undefined where there are none. */
  readonly closer: RoundedRows['closer'] | undefined
  readonly closerError: number
}

/**
 * The cosines of all pairs of rows: on the WebAssembly kernel of rows rounded to int16, elsewhere in the precision of the data.
 *
 * @param norms the rows' lengths, none 0.
 */
export function cosineRows(embeddings: Embeddings, norms: Float64Array): CosineRows {
  const rounded = roundedRows(embeddings, norms)
  return rounded === undefined ? floatCosineRows(embeddings) : roundedCosineRows(rounded)
}

function roundedCosineRows(rounded: RoundedRows): CosineRows {
  const { rows } = rounded
  const { unit, error, closer, closerError } = rounded
  const forEach = (visit: (row: CosineRow) => void): void =>
    rounded.forEachBlock((rowStart, columnStart, values, blockAt) => {
      const end = Math.min(rows, columnStart + roundedBlock)
      for (let row = rowStart; row < Math.min(rows, rowStart + roundedBlock); row++) {
        const first = Math.max(columnStart, row + 1)
        const offset = blockAt + (row - rowStart) * roundedBlock + first - columnStart
        if (first < end) visit({ row, columnStart: first, count: end - first, values, offset })
      }
    })
  return { unit, error, forEach, closer, closerError }
}

/** The cosines of all pairs of rows, none of them zero, in the precision of the data. */
export function floatCosineRows(embeddings: Embeddings): CosineRows {
  const { columns, data } = embeddings
  return {
    unit: 1,
    // Of an inner product of unit vectors, whatever the order of its sum.
    error: (columns + 8) * (data instanceof Float32Array ? 2 ** -24 : 2 ** -53),
    forEach: (visit) => forEachFloatRow(embeddings, visit),
    closer: undefined,
    closerError: 0,
  }
}

function forEachFloatRow(embeddings: Embeddings, visit: (row: CosineRow) => void): void {
  forEachPairBlock(unitRows(embeddings), undefined, (block) => {
    for (let index = 0; index < block.rows; index++) {
      const row = block.rowStart + index
      const columnStart = Math.max(block.columnStart, row + 1)
      const skipped = columnStart - block.columnStart
      const count = block.columns - skipped
      const offset = index * block.columns + skipped
      if (count > 0) visit({ row, columnStart, count, values: block.products, offset })
    }
  })
}
