import { describe, expect, test } from 'vitest'
import { symmetricEigen, truncatedSvd } from './truncated-svd.ts'
import type { SparseMatrix } from './truncated-svd.ts'

function sparse(rows: readonly (readonly number[])[]): SparseMatrix {
  return {
    columns: rows[0]?.length ?? 0,
    rows: rows.map((row) => {
      const entries = [...row.entries()].filter(([, value]) => value !== 0)
      return {
        indexes: Int32Array.from(entries, ([index]) => index),
        values: Float64Array.from(entries, ([, value]) => value),
      }
    }),
  }
}

/** U diag(s) Vᵀ from discrete cosine bases, which are orthonormal, so that the singular values are known. */
function knownMatrix(rows: number, columns: number, singularValues: readonly number[]): number[][] {
  const basis = (size: number, k: number, i: number): number =>
    Math.sqrt((k === 0 ? 1 : 2) / size) * Math.cos((Math.PI * k * (i + 0.5)) / size)
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_unused, j) =>
      singularValues.reduce((sum, s, k) => sum + s * basis(rows, k, i) * basis(columns, k + 1, j), 0),
    ),
  )
}

describe('truncated singular value decomposition', () => {
  test('finds known singular values and orthonormal vectors', () => {
    const known = [9, 5, 4.9, 2, 1, 0.5, 0.3, 0.2, 0.1]
    const { singularValues, rightVectors } = truncatedSvd(sparse(knownMatrix(40, 60, known)), 5, 1)
    for (const [k, value] of singularValues.entries()) expect(value).toBeCloseTo(known[k] ?? NaN, 9)
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b < 5; b++) {
        let product = 0
        for (let j = 0; j < 60; j++)
          product += (rightVectors[a * 60 + j] ?? 0) * (rightVectors[b * 60 + j] ?? 0)
        expect(product).toBeCloseTo(a === b ? 1 : 0, 9)
      }
    }
  })

  test('a matrix of lower rank has zeros after its rank', () => {
    const { singularValues } = truncatedSvd(sparse(knownMatrix(12, 9, [3, 2])), 4, 1)
    expect(singularValues).toHaveLength(4)
    for (const [k, value] of [3, 2, 0, 0].entries()) expect(singularValues[k]).toBeCloseTo(value, 6)
  })

  test('is limited by rows and columns', () => {
    expect(truncatedSvd(sparse([[1, 2, 3]]), 8, 1).singularValues).toHaveLength(1)
    expect(
      truncatedSvd(
        sparse([
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
        8,
        1,
      ).singularValues,
    ).toEqual(new Float64Array(2))
  })
})

test('eigenvalues of a symmetric matrix', () => {
  // 2 on the diagonal, 1 beside it: eigenvalues 2 + 2 cos(kπ / (n + 1)).
  const size = 6
  const matrix = Float64Array.from({ length: size * size }, (_, index) => {
    const distance = Math.abs(Math.floor(index / size) - (index % size))
    return distance === 0 ? 2 : distance === 1 ? 1 : 0
  })
  const { values, vectors } = symmetricEigen(matrix, size)
  for (let k = 0; k < size; k++) {
    expect(values[k]).toBeCloseTo(2 + 2 * Math.cos(((k + 1) * Math.PI) / (size + 1)), 12)
    for (let row = 0; row < size; row++) {
      let image = 0
      for (let j = 0; j < size; j++) image += (matrix[row * size + j] ?? 0) * (vectors[j * size + k] ?? 0)
      expect(image).toBeCloseTo((values[k] ?? 0) * (vectors[row * size + k] ?? 0), 12)
    }
  }
})
