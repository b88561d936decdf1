import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { NotPositiveDefiniteError } from '../errors/not-positive-definite-error.ts'
import { allocateByLargestRemainder } from './allocate-by-largest-remainder.ts'
import { cholesky, solveCholesky } from './cholesky.ts'
import { effectiveNumber } from './effective-number.ts'
import { multiply } from './gemm.ts'
import { logOneMinusExp } from './log-one-minus-exp.ts'
import { logSumExp } from './log-sum-exp.ts'
import { matrix, matrixFromRows } from './matrix.ts'
import { meanAndStandardError } from './mean-and-standard-error.ts'
import { quantile } from './quantile.ts'
import { logSoftmax, softmax } from './softmax.ts'

const logits = fc.array(fc.oneof(fc.double({ min: -900, max: 900, noNaN: true }), fc.constant(-Infinity)), {
  minLength: 1,
  maxLength: 20,
})

test('logSumExp', () => {
  expect(logSumExp([])).toBe(-Infinity)
  expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity)
  expect(logSumExp([Infinity, 0])).toBe(Infinity)
  expect(logSumExp([NaN, 0])).toBeNaN()
  expect(logSumExp([0, NaN])).toBeNaN()
  expect(logSumExp([-2000, -2000])).toBeCloseTo(-2000 + Math.LN2, 10)
  expect(logSumExp([9, 1, 2, 9], 1, 3)).toBeCloseTo(Math.log(Math.exp(1) + Math.exp(2)), 14)
  fc.assert(
    fc.property(logits, fc.double({ min: -1000, max: 1000, noNaN: true }), (values, shift) => {
      const total = logSumExp(values)
      const shifted = logSumExp(values.map((value) => value + shift))
      if (total === -Infinity) {
        expect(shifted).toBe(-Infinity)
        return
      }
      expect(Math.abs(shifted - total - shift)).toBeLessThan(1e-9)
      expect(total).toBeGreaterThanOrEqual(Math.max(...values))
      expect(total).toBeLessThanOrEqual(Math.max(...values) + Math.log(values.length) + 1e-12)
    }),
  )
})

test('softmax is a distribution that keeps −Infinity at zero', () => {
  fc.assert(
    fc.property(logits, (values) => {
      fc.pre(values.some((value) => value > -Infinity))
      const weights = softmax(values)
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      values.forEach((value, index) => {
        if (value === -Infinity) expect(weights[index]).toBe(0)
      })
      expect(logSumExp(logSoftmax(values))).toBeCloseTo(0, 12)
    }),
  )
  expect([...softmax([-Infinity, -Infinity])]).toEqual([NaN, NaN])
})

test('logOneMinusExp keeps its digits at both ends', () => {
  // log(1 − e^x) = log(−x) + x/2 − … near 0, and −e^x − … far below.
  expect(logOneMinusExp(-1e-12)).toBeCloseTo(Math.log(1e-12) - 5e-13, 14)
  expect(logOneMinusExp(-40) / -Math.exp(-40)).toBeCloseTo(1, 12)
  expect(logOneMinusExp(-Math.LN2)).toBeCloseTo(-Math.LN2, 14)
  expect(logOneMinusExp(0)).toBe(-Infinity)
})

test('Cholesky solves positive definite systems and refuses others', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 7 })
        .chain((n) =>
          fc.tuple(
            fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n * n, maxLength: n * n }),
            fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n }),
          ),
        ),
      ([entries, solution]) => {
        const n = solution.length
        const root = matrix(n, n, Float64Array.from(entries))
        const a = multiply(root, root, { transposeB: true })
        for (let i = 0; i < n; i++) a.data[i * (n + 1)] = (a.data[i * (n + 1)] as number) + 1
        const b = multiply(a, matrix(n, 1, Float64Array.from(solution)))
        const x = solveCholesky(cholesky(a), b.data)
        solution.forEach((value, index) => expect(Math.abs((x[index] as number) - value)).toBeLessThan(1e-9))
      },
    ),
  )
  expect(() =>
    cholesky(
      matrixFromRows([
        [1, 2],
        [2, 1],
      ]),
    ),
  ).toThrow(NotPositiveDefiniteError)
  expect(() => cholesky(matrixFromRows([[1, 2]]))).toThrow(InvalidArgumentError)
})

test('allocateByLargestRemainder', () => {
  expect(allocateByLargestRemainder([3, 3, 1], 5)).toEqual([2, 2, 1])
  expect(allocateByLargestRemainder([1, 1, 1], 2)).toEqual([1, 1, 0])
  expect(allocateByLargestRemainder([0, 2], 3)).toEqual([0, 3])
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 500 }),
      (weights, total) => {
        const sum = weights.reduce((a, b) => a + b, 0)
        fc.pre(sum > 0)
        const result = allocateByLargestRemainder(weights, total)
        expect(result.reduce((a, b) => a + b, 0)).toBe(total)
        result.forEach((count, index) => {
          expect(Math.abs(count - (total * (weights[index] as number)) / sum)).toBeLessThan(1)
          if (weights[index] === 0) expect(count).toBe(0)
        })
      },
    ),
  )
  expect(() => allocateByLargestRemainder([0], 1)).toThrow(InvalidArgumentError)
  expect(() => allocateByLargestRemainder([1], -1)).toThrow(InvalidArgumentError)
})

test('effectiveNumber', () => {
  expect(effectiveNumber([2, 2, 2, 0])).toBeCloseTo(3, 12)
  expect(effectiveNumber([5, 0])).toBeCloseTo(1, 12)
  expect(effectiveNumber([])).toBe(0)
})

test('quantile is NumPy’s default (linear, type 7)', () => {
  const values = [9, 1, 4, 16]
  expect(quantile(values, 0)).toBe(1)
  expect(quantile(values, 1)).toBe(16)
  expect(quantile(values, 0.5)).toBe(6.5)
  expect(quantile(values, 0.25)).toBe(3.25)
  expect(values).toEqual([9, 1, 4, 16])
  expect(() => quantile([], 0.5)).toThrow(InvalidArgumentError)
  expect(() => quantile([1], 1.5)).toThrow(InvalidArgumentError)
})

test('mean and standard error', () => {
  const { mean, standardError } = meanAndStandardError([1, 2, 3, 4])
  expect(mean).toBe(2.5)
  expect(standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12)
  // Equal weights of any size change nothing; a weight of zero removes the value.
  expect(meanAndStandardError([1, 2, 3, 4, 99], [7, 7, 7, 7, 0])).toEqual({
    mean: expect.closeTo(mean, 12),
    standardError: expect.closeTo(standardError, 12),
  })
  expect(meanAndStandardError([3])).toEqual({ mean: 3, standardError: NaN })
})

test('shapes that do not fit are refused', () => {
  expect(() => matrix(2, 2, new Float64Array(3))).toThrow(/2 · 2 = 4/)
  expect(() => matrixFromRows([[1, 2], [1]])).toThrow(/rows\[1\]/)
  expect(() => multiply(matrixFromRows([[1, 2]]), matrixFromRows([[1, 2]]))).toThrow(InvalidArgumentError)
})
