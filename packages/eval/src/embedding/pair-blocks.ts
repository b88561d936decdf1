import { multiply } from '@mop/core/numeric'
import type { Embeddings } from './embeddings.ts'

/** Inner products of some rows of one sample with some of another: entry (i, j) at i · columns + j. */
export interface PairBlock {
  readonly rowStart: number
  readonly rows: number
  readonly columnStart: number
  readonly columns: number
  readonly products: Float32Array | Float64Array
}

const blockRows = 512

/**
 * Visits the inner products of all rows of `x` with all rows of `y`, block by block, never n₁ × n₂ at once; in float32 where both are.
 * Without `y`, the pairs within `x`, each block on or above the diagonal once. A block is overwritten by the next.
 */
export function forEachPairBlock(
  x: Embeddings,
  y: Embeddings | undefined,
  visit: (block: PairBlock) => void,
): void {
  const other = y ?? x
  for (let rowStart = 0; rowStart < x.rows; rowStart += blockRows) {
    const left = rowsFrom(x, rowStart)
    for (
      let columnStart = y === undefined ? rowStart : 0;
      columnStart < other.rows;
      columnStart += blockRows
    ) {
      const right = rowsFrom(other, columnStart)
      const { data: products } = multiply(left, right, { transposeB: true })
      visit({ rowStart, rows: left.rows, columnStart, columns: right.rows, products })
    }
  }
}

function rowsFrom(source: Embeddings, start: number): Embeddings {
  const { columns } = source
  const rows = Math.min(blockRows, source.rows - start)
  const from = start * columns
  const to = from + rows * columns
  return source.data instanceof Float32Array
    ? { rows, columns, data: source.data.subarray(from, to) }
    : { rows, columns, data: source.data.subarray(from, to) }
}
