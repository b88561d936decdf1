import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { multiply } from './gemm.ts'
import { availableKernels, type KernelName } from './kernel.ts'
import { type Matrix, matrix, zeros } from './matrix.ts'
import { scatterOf } from './scatter.ts'
import { symmetricEigen, symmetricEigenvalues } from './symmetric-eigen.ts'

function symmetric(n: number, entries: readonly number[]): Matrix {
  const a = zeros(n, n)
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const entry = entries[(row * (row + 1)) / 2 + column] as number
      a.data[row * n + column] = entry
      a.data[column * n + row] = entry
    }
  }
  return a
}

function expectDecomposition(a: Matrix, kernel: KernelName) {
  const n = a.rows
  const { values, vectors } = symmetricEigen(a, { kernel })
  // Below about 1e-290 numbers lose digits: products of such have no relative accuracy.
  const norm = Math.max(...values.map((value) => Math.abs(value)), 1e-290)
  const alone = symmetricEigenvalues(a, { kernel })
  const products = multiply(vectors, a).data
  const inner = multiply(vectors, vectors, { transposeB: true }).data
  let worst = 0
  for (let row = 0; row < n; row++) {
    const value = values[row] as number
    worst = Math.max(worst, Math.abs((alone[row] as number) - value) / norm)
    if (row > 0) expect(value).toBeLessThanOrEqual(values[row - 1] as number)
    for (let column = 0; column < n; column++) {
      const at = row * n + column
      const residual = (products[at] as number) - value * (vectors.data[at] as number)
      worst = Math.max(worst, Math.abs(residual) / norm)
      worst = Math.max(worst, Math.abs((inner[at] as number) - (row === column ? 1 : 0)))
    }
  }
  expect(worst).toBeLessThan(4e-15 * (n + 3))
}

describe.each(availableKernels())('%s', (kernel) => {
  test('a v = λ v with orthonormal v, λ descending, and the values alone are the same', () => {
    const entry = fc.oneof(
      // Below this there are too few digits for a relative bound.
      fc.double({ min: -3, max: 3, noNaN: true }).map((value) => (Math.abs(value) < 1e-290 ? 0 : value)),
      fc.constantFrom(0, 0, 1, -1, 1e-9, 1e6),
    )
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 9 })
          .chain((n) =>
            fc
              .array(entry, { minLength: (n * (n + 1)) / 2, maxLength: (n * (n + 1)) / 2 })
              .map((entries) => symmetric(n, entries)),
          ),
        (a) => expectDecomposition(a, kernel),
      ),
    )
  })

  test('sizes around the blocks in which reflections and rotations are applied', () => {
    for (const n of [31, 32, 33, 34, 65, 100]) {
      const data = Float64Array.from({ length: (n + 5) * n }, (_, index) => Math.sin(1 + index * 1.7 + n))
      expectDecomposition(scatterOf({ rows: n + 5, columns: n, data }).scatter, kernel)
    }
  })
})

test('of the leading eigenvectors as many are made as are wanted', () => {
  const data = Float64Array.from({ length: 400 }, (_, index) => Math.sin(1 + index * 1.7))
  const { scatter: a } = scatterOf({ rows: 20, columns: 20, data })
  const whole = symmetricEigen(a)
  const { values, vectors } = symmetricEigen(a, {
    leading: (all) => all.filter((value) => value > 1).length,
  })
  expect(values).toEqual(whole.values)
  expect(vectors.rows).toBeGreaterThan(0)
  expect(vectors.rows).toBeLessThan(20)
  vectors.data.forEach((value, at) => expect(value).toBeCloseTo(whole.vectors.data[at] as number, 12))
})

test('what is known in closed form', () => {
  // The second difference has eigenvalues 2 − 2 cos(k π / (n + 1)).
  const n = 50
  const difference = zeros(n, n)
  for (let row = 0; row < n; row++) {
    difference.data[row * (n + 1)] = 2
    if (row > 0) difference.data[row * n + row - 1] = -1
  }
  const expected = Float64Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)))
  symmetricEigenvalues(difference).forEach((value, k) => {
    expect(Math.abs(value - (expected[k] as number))).toBeLessThan(1e-13)
  })
})

test('zero, equal and extreme matrices', () => {
  expect([...symmetricEigenvalues(zeros(4, 4))]).toEqual([0, 0, 0, 0])
  expect([...symmetricEigenvalues(matrix(1, 1, Float64Array.of(-7)))]).toEqual([-7])
  expect(symmetricEigenvalues(zeros(0, 0))).toHaveLength(0)
  for (const scale of [1e-160, 1e150]) {
    const [largest, least] = symmetricEigenvalues(symmetric(2, [scale, 2 * scale, scale]))
    expect((largest as number) / scale).toBeCloseTo(3, 12)
    expect((least as number) / scale).toBeCloseTo(-1, 12)
  }
})

test('what has no eigenvalues is refused', () => {
  expect(() => symmetricEigenvalues(zeros(2, 3))).toThrow(/square/)
  expect(() => symmetricEigen(matrix(1, 1, Float64Array.of(Number.NaN)))).toThrow(/finite/)
})
