import { type Matrix, multiply, selectRows } from '@mop/core/numeric'
import { describe, expect, test } from 'vitest'
import { randomRows } from '../testing/random-rows.ts'
import { meanAndCovariance } from './mean-and-covariance.ts'
import { principalComponents } from './principal-components.ts'

function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one).toHaveLength(other.length)
  return Array.from(one).reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - (other[index] as number))),
    0,
  )
}

describe('mean and covariance', () => {
  test('are those of the definition, over several blocks of columns', () => {
    const sample = randomRows(3, 40, 150, 2, 0.99)
    const { mean, covariance } = meanAndCovariance(sample)
    const at = (row: number, column: number) => sample.data[row * 150 + column] as number
    for (const [i, j] of [
      [0, 0],
      [127, 128],
      [149, 3],
      [130, 149],
    ] as const) {
      let product = 0
      for (let row = 0; row < 40; row++)
        product += (at(row, i) - (mean[i] as number)) * (at(row, j) - (mean[j] as number))
      expect(covariance.data[i * 150 + j]).toBeCloseTo(product / 39, 12)
      expect(covariance.data[j * 150 + i]).toBe(covariance.data[i * 150 + j])
    }
  })

  test('are taken in float64 of float32 rows', () => {
    const sample = randomRows(4, 30, 5, 1000)
    const single = { ...sample, data: Float32Array.from(sample.data) }
    const double = { ...sample, data: Float64Array.from(single.data) }
    expect(meanAndCovariance(single)).toEqual(meanAndCovariance(double))
  })
})

describe('principal components', () => {
  const inner = (scores: Matrix<Float32Array>) => multiply(scores, scores, { transposeB: true }).data

  test('keep all distances when they keep all variance, for tall and for wide data', () => {
    for (const [rows, columns] of [
      [30, 7],
      [7, 30],
    ] as const) {
      const sample = randomRows(9, rows, columns, 3)
      const { scores, explained } = principalComponents(sample, 1)
      expect(explained.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
      const { mean } = meanAndCovariance(sample)
      const less = { ...sample, data: sample.data.map((value, at) => value - (mean[at % columns] as number)) }
      expect(largestDifference(inner(scores), multiply(less, less, { transposeB: true }).data)).toBeLessThan(
        1e-4,
      )
    }
  })

  test('are the fewest that reach the share', () => {
    const { scores, explained } = principalComponents(randomRows(9, 60, 8), 0.7)
    const sum = (count: number) => explained.subarray(0, count).reduce((total, value) => total + value, 0)
    expect(sum(scores.columns)).toBeGreaterThanOrEqual(0.7)
    expect(sum(scores.columns - 1)).toBeLessThan(0.7)
  })

  test('of rows that are all alike are one component without spread', () => {
    const alike = selectRows(randomRows(1, 1, 4), [0, 0, 0, 0, 0])
    const { scores } = principalComponents(alike, 0.9)
    expect(scores.columns).toBe(1)
    expect(largestDifference(scores.data, new Float64Array(5))).toBeLessThan(1e-15)
  })
})
