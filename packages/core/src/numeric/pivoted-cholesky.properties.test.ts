import { describe, expect, test } from 'vitest'
import { congruence } from './congruence.ts'
import { multiply } from './gemm.ts'
import { availableKernels } from './kernel.ts'
import { type Matrix, selectRows, zeros } from './matrix.ts'
import { pivotedCholesky } from './pivoted-cholesky.ts'
import { scatterOf } from './scatter.ts'

function filled(rows: number, columns: number): Matrix {
  const data = Float64Array.from(
    { length: rows * columns },
    (_, index) => Math.sin(index * index * 0.37 + index) * 0.99 ** (index % columns),
  )
  return { rows, columns, data }
}

function largestDifference(one: Float64Array, other: Float64Array): number {
  expect(one).toHaveLength(other.length)
  return one.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (other[index] as number))), 0)
}

describe.each(availableKernels())('%s', (kernel) => {
  test.each([
    [30, 6, 6],
    [300, 150, 150],
    // Large enough for two threads.
    [700, 650, 650],
    [60, 130, 59],
    [50, 97, 49],
    [4, 9, 3],
    [1, 3, 0],
  ])(
    'of %d rows in %d dimensions has rank %d, multiplies back, and is a congruence',
    (rows, columns, rank) => {
      const distinct = filled(rows, columns)
      // Every row twice: the rank is that of the distinct ones less their mean.
      const a = scatterOf(selectRows(distinct, [...Array(rows).keys(), ...Array(rows).keys()])).scatter
      const { lower, order } = pivotedCholesky(a, kernel)
      expect(lower).toMatchObject({ rows: columns, columns: rank })
      expect(order.toSorted()).toEqual(Int32Array.from(order.keys()))
      const factor = zeros(columns, rank)
      for (const [row, index] of order.entries()) {
        const values = lower.data.subarray(row * rank, (row + 1) * rank)
        expect(values.subarray(row + 1).every((value) => value === 0)).toBe(true)
        factor.data.set(values, index * rank)
      }
      const back = multiply(factor, factor, { transposeB: true })
      expect(largestDifference(back.data, a.data)).toBeLessThan(1e-14 * rows)
      const other = scatterOf(filled(50, columns)).scatter
      const whole = multiply(multiply(factor, other, { transposeA: true }), factor)
      const expected = whole.data.map((value, at) => (at % rank <= Math.floor(at / rank) ? value : 0))
      const found = congruence({ lower, order }, other, kernel)
      expect(found).toMatchObject({ rows: rank, columns: rank })
      expect(largestDifference(found.data, expected)).toBeLessThan(1e-12 * rows)
    },
  )
})
