import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kernelName, type WasmKernel, wasmKernelWith } from './kernel.ts'
import type { Matrix } from './matrix.ts'
import { roundedBlock, type RoundedRows, roundedRows } from './rounded-rows.ts'
import { callsOn, canShare, type KernelCall } from './second-thread.ts'
import { squaredNorms } from './squared-distances.ts'

function filled(rows: number, columns: number, seed: number, spread = 1): Matrix {
  const data = Float64Array.from({ length: rows * columns }, (_, at) => {
    // One large entry a row, so that the range of int16 is tried.
    const large = at % columns === Math.floor(at / columns) % columns ? spread : 1
    return large * Math.sin(1 + seed + at * 1.7 + (at % 13) * at)
  })
  return { rows, columns, data }
}

const lengths = (points: Matrix) => squaredNorms(points).map((square) => Math.sqrt(square))

function cosine({ columns, data }: Matrix, norms: Float64Array, i: number, j: number): number {
  let sum = 0
  for (let at = 0; at < columns; at++) {
    sum += (data[i * columns + at] as number) * (data[j * columns + at] as number)
  }
  return sum / ((norms[i] as number) * (norms[j] as number))
}

/** The product of each pair i < j at i · rows + j, NaN elsewhere; a pair that comes twice is an error. */
function products(rounded: RoundedRows): Float64Array {
  const { rows } = rounded
  const found = new Float64Array(rows * rows).fill(NaN)
  rounded.forEachBlock((rowStart, columnStart, values, offset) => {
    for (let row = 0; row < roundedBlock && rowStart + row < rows; row++) {
      for (let column = 0; column < roundedBlock && columnStart + column < rows; column++) {
        const [i, j] = [rowStart + row, columnStart + column]
        if (i >= j) continue
        if (!Number.isNaN(found[i * rows + j])) throw new Error(`pair ${i}, ${j} comes twice`)
        found[i * rows + j] = values[offset + row * roundedBlock + column] as number
      }
    }
  })
  return found
}

describe.skipIf(kernelName() === 'plain')('rounded rows', () => {
  test('every pair comes and both estimates keep their bounds, at any shape and range', () => {
    const shape = { rows: fc.integer({ min: 0, max: 24 }), columns: fc.integer({ min: 1, max: 70 }) }
    fc.assert(
      fc.property(fc.record(shape), fc.nat(99), fc.constantFrom(1, 50, 1e6), (size, seed, spread) => {
        const points = filled(size.rows, size.columns, seed, spread)
        const norms = lengths(points)
        const rounded = roundedRows(points, norms) as RoundedRows
        const found = products(rounded)
        for (let i = 0; i < points.rows; i++) {
          for (let j = i + 1; j < points.rows; j++) {
            const exact = cosine(points, norms, i, j)
            const coarse = (found[i * points.rows + j] as number) * rounded.unit
            expect(Math.abs(coarse - exact)).toBeLessThanOrEqual(rounded.error)
            const [closer] = rounded.closer(i, j - 1, Int32Array.of(1), 1)
            expect(Math.abs((closer as number) - exact)).toBeLessThanOrEqual(rounded.closerError)
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  test('the bounds are narrow, and hold across blocks along all three dimensions', () => {
    const points = filled(530, 1100, 3)
    const norms = lengths(points)
    const rounded = roundedRows(points, norms) as RoundedRows
    expect(rounded.error).toBeLessThan(1e-3)
    expect(rounded.closerError).toBeLessThan(1e-5)
    const found = products(rounded)
    for (let i = 0; i < points.rows; i++) {
      for (let j = i + 1 + (i % 29); j < points.rows; j += 29) {
        const error = (found[i * points.rows + j] as number) * rounded.unit - cosine(points, norms, i, j)
        expect(Math.abs(error)).toBeLessThanOrEqual(rounded.error)
      }
    }
  })

  test('a second thread changes nothing, whoever does the work', () => {
    for (const [rows, columns] of [
      [1100, 40],
      [700, 1100],
    ] as const) {
      const points = filled(rows, columns, 5)
      const norms = lengths(points)
      const alone = products(roundedRows(points, norms, false) as RoundedRows)
      const together = products(roundedRows(points, norms, true) as RoundedRows)
      expect(together.every((value, at) => Object.is(value, alone[at]))).toBe(true)
    }
  })

  test('a visit may stop by an error, and the next one starts afresh', () => {
    const points = filled(600, 30, 2)
    const rounded = roundedRows(points, lengths(points), true) as RoundedRows
    const stop = () => {
      throw new Error('enough')
    }
    expect(() => rounded.forEachBlock(stop)).toThrow('enough')
    const pairs = products(rounded).filter((value) => !Number.isNaN(value)).length
    expect(pairs).toBe((600 * 599) / 2)
  })
})

/** A kernel whose memory is shared: undefined with one processor, where there is no second thread. */
const sharedKernel = kernelName() !== 'plain' && canShare() ? wasmKernelWith(1, true) : undefined

describe.skipIf(sharedKernel === undefined)('the second thread', () => {
  const kernel = sharedKernel as WasmKernel
  const words = kernel && new Int32Array(kernel.memory.buffer)

  /** Four rows of one pair (1, 2) times eight columns of one pair (3, 4): 11 everywhere, from word 64 on. */
  function job(): readonly KernelCall[] {
    words
      .fill(0)
      .fill(1 | (2 << 16), 0, 4)
      .fill(3 | (4 << 16), 16, 24)
    return [[2, 1, 1, 1, 0, 64, 256, 32]]
  }
  const result = () => words.slice(64, 96)
  const expected = new Int32Array(32).fill(11)

  test('does jobs by itself', () => {
    const calls = callsOn(kernel)
    calls.begin([job()])
    // We take no job before it is done, or ten seconds are over.
    for (let tries = 0; tries < 2000 && Atomics.load(words, 95) !== 11; tries++)
      Atomics.wait(words, 1000, 0, 5)
    const found = result()
    calls.finish()
    calls.end()
    expect(found).toEqual(expected)
  })

  test('helps one at a time: another does its jobs alone, when it is told to finish', () => {
    const first = callsOn(kernel)
    const second = callsOn(kernel)
    second.begin([job()])
    Atomics.wait(words, 1000, 0, 20)
    expect(result()).toEqual(new Int32Array(32))
    second.finish()
    expect(result()).toEqual(expected)
    second.end()
    first.end()
  })
})
