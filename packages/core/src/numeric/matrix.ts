import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/** A dense row-major matrix: entry (row, column) is data[row · columns + column]. */
export interface Matrix<Data extends Float64Array | Float32Array = Float64Array> {
  readonly rows: number
  readonly columns: number
  readonly data: Data
}

/** A float64 matrix of zeros. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) }
}

/** Wraps row-major data without copying. Throws InvalidArgumentError where the length is not rows · columns. */
export function matrix<Data extends Float64Array | Float32Array>(
  rows: number,
  columns: number,
  data: Data,
): Matrix<Data> {
  if (data.length !== rows * columns) {
    throw new InvalidArgumentError({
      argument: 'data',
      expected: `of length ${rows} · ${columns} = ${rows * columns}`,
      found: `length ${data.length}`,
    })
  }
  return { rows, columns, data }
}

/**
 * A float64 copy of rows of equal length, such as embeddings.
 * `columns` is needed where there may be no row. Throws InvalidArgumentError for a row of another length.
 */
export function matrixFromRows(
  rows: readonly ArrayLike<number>[],
  columns: number = rows[0]?.length ?? 0,
): Matrix {
  const data = new Float64Array(rows.length * columns)
  rows.forEach((row, index) => {
    if (row.length !== columns) {
      throw new InvalidArgumentError({
        argument: `rows[${index}]`,
        expected: `of length ${columns}`,
        found: `length ${row.length}`,
      })
    }
    data.set(row, index * columns)
  })
  return { rows: rows.length, columns, data }
}

/** Row `index` as a view on the matrix's own data. */
export function rowOf<Data extends Float64Array | Float32Array>(source: Matrix<Data>, index: number): Data {
  return source.data.subarray(index * source.columns, (index + 1) * source.columns) as Data
}

/** A copy of the given rows, in their order. */
export function selectRows<Data extends Float64Array | Float32Array>(
  source: Matrix<Data>,
  rows: ArrayLike<number>,
): Matrix<Data> {
  const length = rows.length * source.columns
  const selected = (
    source.data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)
  ) as Data
  for (let index = 0; index < rows.length; index++) {
    selected.set(rowOf(source, rows[index] as number), index * source.columns)
  }
  return { rows: rows.length, columns: source.columns, data: selected }
}
