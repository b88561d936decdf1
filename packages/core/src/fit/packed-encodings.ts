import { packRows } from '../numeric/gemm-packed.ts'
import type { Matrix } from '../numeric/matrix.ts'

/** Encodings that are multiplied again and again by other matrices, packed once: for float32. */
export interface PackedEncodings {
  /** encodings (n × d′) · weightsᵀ (d′ × d). */
  readonly project: (weights: Matrix<Float32Array>) => Float32Array
  /** slopesᵀ (d × n) · encodings. */
  readonly collect: (slopes: Matrix<Float32Array>) => Float32Array
}

/** Undefined where the plain kernel runs, there is no memory for it, or nothing to pack. `mostRank`: no d will be greater. */
export function packEncodings(
  encodings: Matrix<Float32Array>,
  mostRank: number,
): PackedEncodings | undefined {
  const { rows: n, columns } = encodings
  if (n === 0) return undefined
  const rows = packRows(encodings, mostRank, false)
  const turned = rows && packRows(transposed(encodings), mostRank, false)
  if (rows === undefined || turned === undefined) return undefined
  return {
    project(weights) {
      const result = new Float32Array(n * weights.rows)
      rows.forEachProducts(weights, (products, offset, stride, start, count) => {
        for (let target = 0; target < weights.rows; target++) {
          const from = offset + target * stride
          for (let row = 0; row < count; row++) {
            result[(start + row) * weights.rows + target] = products[from + row] as number
          }
        }
      })
      return result
    },
    collect(slopes) {
      const targets = transposed(slopes)
      const result = new Float32Array(targets.rows * columns)
      turned.forEachProducts(targets, (products, offset, stride, start, count) => {
        for (let target = 0; target < targets.rows; target++) {
          const from = offset + target * stride
          result.set(products.subarray(from, from + count), target * columns + start)
        }
      })
      return result
    },
  }
}

function transposed({ rows, columns, data }: Matrix<Float32Array>): Matrix<Float32Array> {
  const result = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = data[row * columns + column] as number
    }
  }
  return { rows: columns, columns: rows, data: result }
}
