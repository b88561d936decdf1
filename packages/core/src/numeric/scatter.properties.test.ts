import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { availableKernels } from './kernel.ts'
import { scatterOf } from './scatter.ts'

function entries(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => 3 + Math.sin(1 + index * 1.7 + length))
}

describe.each(availableKernels())('%s', (kernel) => {
  test('mean and products of the centred columns, symmetric, for any shape', () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(fc.oneof(size, fc.integer({ min: 120, max: 140 })), size, (rows, columns) => {
        const data = entries(rows * columns)
        const { mean, scatter } = scatterOf({ rows, columns, data }, kernel)
        const at = (row: number, column: number) => data[row * columns + column] as number
        const expected = mean.map((_, column) => {
          let sum = 0
          for (let row = 0; row < rows; row++) sum += at(row, column)
          return sum / rows
        })
        mean.forEach((value, column) => expect(value).toBeCloseTo(expected[column] as number, 12))
        for (let i = 0; i < columns; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0
            for (let row = 0; row < rows; row++) {
              sum += (at(row, i) - (expected[i] as number)) * (at(row, j) - (expected[j] as number))
            }
            expect(Math.abs((scatter.data[i * columns + j] as number) - sum)).toBeLessThan(1e-12)
            expect(scatter.data[i * columns + j]).toBe(scatter.data[j * columns + i])
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  test('of no columns are empty, and of no rows zeros', () => {
    const none = new Float64Array(0)
    expect(scatterOf({ rows: 3, columns: 0, data: none }, kernel).scatter.data).toEqual(none)
    const { mean, scatter } = scatterOf({ rows: 0, columns: 2, data: none }, kernel)
    expect([...mean, ...scatter.data]).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('are taken in float64 of float32 rows', () => {
    for (const columns of [7, 24]) {
      const data = Float32Array.from(entries(200 * columns))
      const points = { rows: 200, columns }
      expect(scatterOf({ ...points, data }, kernel)).toEqual(
        scatterOf({ ...points, data: Float64Array.from(data) }, kernel),
      )
    }
  })
})

test('without rows all is zero', () => {
  expect(scatterOf({ rows: 0, columns: 2, data: new Float64Array() })).toEqual({
    mean: new Float64Array(2),
    scatter: { rows: 2, columns: 2, data: new Float64Array(4) },
  })
})

test('without memory that threads can share all is the same', async () => {
  const points = { rows: 1100, columns: 1000, data: Float32Array.from(entries(1_100_000)) }
  const { mean, scatter } = scatterOf(points)
  vi.stubGlobal('SharedArrayBuffer', undefined)
  vi.resetModules()
  const alone = (await import('./scatter.ts')).scatterOf(points)
  vi.unstubAllGlobals()
  expect(alone.mean).toEqual(mean)
  expect(alone.scatter.data).toEqual(scatter.data)
})
