import { expect, test } from 'vitest'
import { multiply } from './gemm.ts'
import { matrixFromRows } from './matrix.ts'
import { orthonormalRows } from './orthonormal-rows.ts'

test('rows become orthonormal and keep their span, in order', () => {
  const source = matrixFromRows([
    [3, 0, 4, 0],
    [1, 1, 1, 1],
    // Nearly the first row: one pass of Gram and Schmidt would lose orthogonality.
    [3, 1e-9, 4, 0],
  ])
  const basis = orthonormalRows(source)
  const products = multiply(basis, basis, { transposeB: true }).data
  products.forEach((value, index) => expect(value).toBeCloseTo(index % 4 === 0 ? 1 : 0, 12))
  const direction = [0.6, 0, 0.8, 0]
  direction.forEach((value, index) => expect(basis.data[index]).toBeCloseTo(value, 14))
})

test('a row that depends on earlier ones becomes zero', () => {
  const basis = orthonormalRows(
    matrixFromRows([
      [1, 2],
      [2, 4],
      [0, 1],
    ]),
  )
  expect([...basis.data.subarray(2, 4)]).toEqual([0, 0])
  expect(Math.abs(basis.data[5] as number)).toBeCloseTo(1 / Math.sqrt(5), 12)
})
