import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exponentials } from './exponentials.ts'
import { multiply } from './gemm.ts'
import { type PackedRows, packRows } from './gemm-packed.ts'
import { availableKernels, kernelMemoryPages, kernelName, wasmKernel } from './kernel.ts'
import type { Matrix } from './matrix.ts'
import { assemble } from './wasm-assembler.ts'
import { kernelFunctions } from './wasm-kernel-code.ts'

type Values = Float64Array | Float32Array

/** Deterministic entries with no pattern that a wrong index could hide in. */
function filled<Data extends Values>(rows: number, columns: number, data: Data): Matrix<Data> {
  for (let index = 0; index < data.length; index++) data[index] = Math.sin(1 + index * 1.7 + rows)
  return { rows, columns, data }
}

function reference(a: Matrix<Values>, b: Matrix<Values>, transposeA: boolean, transposeB: boolean) {
  const m = transposeA ? a.columns : a.rows
  const k = transposeA ? a.rows : a.columns
  const n = transposeB ? b.rows : b.columns
  const at = (x: Matrix<Values>, row: number, column: number) => x.data[row * x.columns + column] as number
  return Float64Array.from({ length: m * n }, (_, index) => {
    const row = Math.floor(index / n)
    const column = index % n
    let sum = 0
    for (let inner = 0; inner < k; inner++) {
      sum +=
        at(a, transposeA ? inner : row, transposeA ? row : inner) *
        at(b, transposeB ? column : inner, transposeB ? inner : column)
    }
    return sum
  })
}

function expectNear(found: Values, expected: Float64Array, tolerance: number) {
  let worst = 0
  for (let index = 0; index < expected.length; index++) {
    worst = Math.max(worst, Math.abs((found[index] as number) - (expected[index] as number)))
  }
  expect(found.length).toBe(expected.length)
  expect(worst).toBeLessThan(tolerance)
}

describe.each(availableKernels())('%s', (kernel) => {
  test('products of any shape and layout agree with the definition', () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), (m, n, k, transposeA, transposeB) => {
        const shapeA: [number, number] = transposeA ? [k, m] : [m, k]
        const shapeB: [number, number] = transposeB ? [n, k] : [k, n]
        const options = { transposeA, transposeB, kernel }
        const a = filled(...shapeA, new Float64Array(m * k))
        const b = filled(...shapeB, new Float64Array(k * n))
        const expected = reference(a, b, transposeA, transposeB)
        expectNear(multiply(a, b, options).data, expected, 1e-12)
        const a32 = filled(...shapeA, new Float32Array(m * k))
        const b32 = filled(...shapeB, new Float32Array(k * n))
        const single = multiply(a32, b32, options)
        expect(single.data).toBeInstanceOf(Float32Array)
        expectNear(single.data, expected, 1e-4)
        const mixed = multiply(a32, b, options)
        expect(mixed.data).toBeInstanceOf(Float64Array)
        expectNear(mixed.data, reference(a32, b, transposeA, transposeB), 1e-12)
      }),
    )
  })

  test('products larger than one packed block in every direction', () => {
    const [m, n, k] = [395, 530, 521]
    const a = filled(m, k, new Float64Array(m * k))
    const b = filled(n, k, new Float64Array(n * k))
    expectNear(multiply(a, b, { transposeB: true, kernel }).data, reference(a, b, false, true), 1e-10)
  })

  test('accumulates on request, overwrites otherwise, and gives the same bits again', () => {
    const a = filled(31, 20, new Float64Array(620))
    const b = filled(20, 17, new Float64Array(340))
    const once = multiply(a, b, { kernel })
    const out = new Float64Array(31 * 17).fill(5)
    expect(multiply(a, b, { kernel, out }).data).toEqual(once.data)
    const twice = multiply(a, b, { kernel, out, accumulate: true }).data
    expectNear(
      twice,
      once.data.map((value) => 2 * value),
      1e-12,
    )
  })

  test('exponentials to two units in the last place, zero below −708, NaN kept', () => {
    const values = Float64Array.from({ length: 20_001 }, (_, index) => -708 + (index / 20_000) * 710)
    const found = values.slice()
    exponentials(found, 0, found.length, kernel)
    values.forEach((value, index) => {
      expect(Math.abs((found[index] as number) / Math.exp(value) - 1)).toBeLessThan(4.5e-16)
    })
    const special = Float64Array.of(7, 0, -Infinity, -708.5, NaN, 7)
    exponentials(special, 1, 5, kernel)
    expect([...special]).toEqual([7, 1, 0, 0, NaN, 7])
  })

  test('does not grow its memory', () => {
    const wasm = wasmKernel(kernel)
    if (kernel === 'plain') expect(wasm).toBeUndefined()
    else expect(wasm?.memory.buffer.byteLength).toBe(kernelMemoryPages * 65_536)
  })
})

describe.skipIf(kernelName() === 'plain')('rows packed once', () => {
  test.each([
    [130, 530, 300],
    [7, 2100, 300],
    [192, 72, 256],
    [3, 90, 2500],
    [1, 1, 1],
  ])('give the products %i x %i x %i, in both precisions, with a second thread and without', (m, n, k) => {
    for (const single of [false, true]) {
      const values = (length: number) => (single ? new Float32Array(length) : new Float64Array(length))
      const targets: Matrix<Values> = filled(m, k, values(m * k))
      const rows: Matrix<Values> = filled(n, k, values(n * k))
      const expected = reference(targets, rows, false, true)
      const found = [false, true].map((shared) => {
        const packed = packRows(rows, m + 2, shared) as PackedRows
        const result = new Float64Array(m * n).fill(NaN)
        packed.forEachProducts(targets, (products, offset, stride, start, count) => {
          for (let target = 0; target < m; target++) {
            const at = offset + target * stride
            result.set(products.subarray(at, at + count), target * n + start)
          }
        })
        packed.end()
        return result
      })
      expectNear(found[0] as Float64Array, expected, single ? 2e-6 * k : 1e-10)
      expect(found[1]?.every((value, at) => Object.is(value, found[0]?.[at]))).toBe(true)
    }
  })
})

test.each([
  [1000, 800, 700],
  [130, 600, 7000],
])('a large product %i x %i x %i, of two threads, has the bits of small ones, of one', (m, n, k) => {
  for (const single of [false, true]) {
    const values = (length: number) => (single ? new Float32Array(length) : new Float64Array(length))
    const a: Matrix<Values> = filled(m, k, values(m * k))
    const b: Matrix<Values> = filled(k, n, values(k * n))
    const { data: whole } = multiply(a, b)
    const rows = Math.ceil(2 ** 22 / (n * k))
    for (let row = 0; row < m; row += rows) {
      const some = Math.min(rows, m - row)
      const part = multiply({ rows: some, columns: k, data: a.data.subarray(row * k, (row + some) * k) }, b)
      const same = part.data.every((value, at) => Object.is(value, whole[row * n + at]))
      expect(same, `rows from ${row} on, ${single ? 'float32' : 'float64'}`).toBe(true)
    }
  }
})

test('the fastest kernel serves by default, and an empty product is empty', () => {
  expect(kernelName()).toBe(availableKernels()[0])
  const a = filled(40, 30, new Float64Array(1200))
  const b = filled(30, 20, new Float64Array(600))
  expect(multiply(a, b).data).toEqual(multiply(a, b, { kernel: kernelName() }).data)
  expect(multiply(filled(0, 3, new Float64Array(0)), filled(3, 2, new Float64Array(6))).data).toHaveLength(0)
})

test('the module is small enough to be compiled synchronously in a browser', () => {
  for (const fused of [false, true]) {
    expect(assemble(kernelFunctions(fused)).length).toBeLessThan(4096)
  }
})
