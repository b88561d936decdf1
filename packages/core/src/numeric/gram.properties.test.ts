import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gram } from './gram.ts'
import { availableKernels } from './kernel.ts'

function entries(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => Math.sin(1 + index * 1.7 + length))
}

describe.each(availableKernels())('%s', (kernel) => {
  test('the products of the shifted columns, symmetric, for any shape', () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(fc.oneof(size, fc.integer({ min: 120, max: 140 })), size, (rows, columns) => {
        const data = entries(rows * columns)
        const shift = entries(columns)
        const product = gram({ rows, columns, data }, { shift, kernel })
        const at = (row: number, column: number) =>
          (data[row * columns + column] as number) - (shift[column] as number)
        for (let i = 0; i < columns; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0
            for (let row = 0; row < rows; row++) sum += at(row, i) * at(row, j)
            expect(Math.abs((product.data[i * columns + j] as number) - sum)).toBeLessThan(1e-12)
            expect(product.data[i * columns + j]).toBe(product.data[j * columns + i])
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  test('are taken in float64 of float32 rows', () => {
    const data = Float32Array.from(entries(200 * 7))
    const points = { rows: 200, columns: 7 }
    expect(gram({ ...points, data }, { kernel })).toEqual(
      gram({ ...points, data: Float64Array.from(data) }, { kernel }),
    )
  })
})

test('without rows the product is zero', () => {
  expect(gram({ rows: 0, columns: 2, data: new Float64Array() })).toEqual({
    rows: 2,
    columns: 2,
    data: new Float64Array(4),
  })
})
