import { axpy } from './axpy.ts'
import { dot } from './dot.ts'
import type { Matrix } from './matrix.ts'

/**
 * A matrix with orthonormal rows that span those of `source`, in order (Gram and Schmidt, twice for accuracy).
 * Rows that depend on earlier ones become zero.
 */
export function orthonormalRows(source: Matrix): Matrix {
  const { rows, columns } = source
  const data = source.data.slice()
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const before = Math.sqrt(dot(data, data, columns, start, start))
    for (let pass = 0; pass < 2; pass++) {
      for (let earlier = 0; earlier < row; earlier++) {
        axpy(
          -dot(data, data, columns, start, earlier * columns),
          data,
          data,
          columns,
          earlier * columns,
          start,
        )
      }
    }
    const after = Math.sqrt(dot(data, data, columns, start, start))
    const scale = after > 1e-12 * before ? 1 / after : 0
    for (let at = start; at < start + columns; at++) data[at] = (data[at] as number) * scale
  }
  return { rows, columns, data }
}
