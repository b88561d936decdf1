import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countCosines } from './cosine-bins.ts'
import { type CosineKernel, cosineKernel } from './cosine-kernel.ts'
import { dot } from './dot.ts'
import { kernelName } from './kernel.ts'
import type { Matrix } from './matrix.ts'
import { callsOn, canShare, type KernelCall, loopOf } from './second-thread.ts'
import { type Points, squaredNorms } from './squared-distances.ts'

function filled(rows: number, columns: number, seed: number, spread = 1): Matrix {
  const data = Float64Array.from({ length: rows * columns }, (_, at) => {
    // One large entry a row, so that the range of int16 is tried.
    const large = at % columns === Math.floor(at / columns) % columns ? spread : 1
    return large * Math.sin(1 + seed + at * 1.7 + (at % 13) * at)
  })
  return { rows, columns, data }
}

const lengths = (points: Points) => squaredNorms(points).map((square) => Math.sqrt(square))

function cosine({ columns, data }: Points, norms: Float64Array, i: number, j: number): number {
  let sum = 0
  for (let at = 0; at < columns; at++) {
    sum += (data[i * columns + at] as number) * (data[j * columns + at] as number)
  }
  return sum / ((norms[i] as number) * (norms[j] as number))
}

/** The bins of all pairs in float64: at i · rows + j for i < j, 255 elsewhere. */
function binsInFloat64(points: Points, norms: Float64Array, bins: number): Uint8Array {
  const { rows } = points
  const found = new Uint8Array(rows * rows).fill(255)
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) found[i * rows + j] = binOf(points, norms, bins, i, j)
  }
  return found
}

function binOf(points: Points, norms: Float64Array, bins: number, i: number, j: number): number {
  return Math.floor(Math.min(bins - 1, Math.max(0, ((cosine(points, norms, i, j) + 1) * bins) / 2)))
}

/** The same by the kernel, with the counts, and how many pairs it could not tell. A pair that comes twice is an error. */
function binsByKernel(points: Points, norms: Float64Array, bins: number, shared?: boolean) {
  const { rows } = points
  const found = new Uint8Array(rows * rows).fill(255)
  let exact = 0
  const counts = countCosines(points, norms, {
    bins,
    exactBin: (i, j) => {
      exact++
      return binOf(points, norms, bins, i, j)
    },
    keep: (row, column, some) => {
      for (const [index, bin] of some.entries()) {
        const at = row * rows + column + index
        if (found[at] !== 255) throw new Error(`pair ${row}, ${column + index} comes twice`)
        found[at] = bin
      }
    },
    ...(shared !== undefined && { shared }),
  }) as Float64Array
  return { counts, found, exact }
}

function countsOf(found: Uint8Array, bins: number): Float64Array {
  const counts = new Float64Array(bins)
  for (const bin of found) if (bin !== 255) counts[bin] = (counts[bin] as number) + 1
  return counts
}

describe.skipIf(kernelName() === 'plain')('counts of cosines', () => {
  test('are those of float64, at any shape, range and number of bins', () => {
    const shape = { rows: fc.integer({ min: 0, max: 24 }), columns: fc.integer({ min: 1, max: 70 }) }
    const spreads = fc.constantFrom(1, 50, 1e6)
    fc.assert(
      fc.property(
        fc.record(shape),
        fc.nat(99),
        spreads,
        fc.integer({ min: 1, max: 255 }),
        (size, seed, spread, bins) => {
          const points = filled(size.rows, size.columns, seed, spread)
          const norms = lengths(points)
          const expected = binsInFloat64(points, norms, bins)
          const { counts, found } = binsByKernel(points, norms, bins)
          expect(found).toEqual(expected)
          expect(counts).toEqual(countsOf(expected, bins))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('are those of float64 where every cosine lies on the edge of a bin', () => {
    // Entries −1, 0 and 1 in 16 of 20 columns: cosines are multiples of an eighth or a sixteenth, often 0, 1 or −1.
    const columns = 20
    const data = Float64Array.from({ length: 40 * columns }, (_, at) =>
      at % columns < 16 ? Math.sign(Math.round(1.5 * Math.sin(at * at + 3))) : 0,
    )
    const points = { rows: 40, columns, data }
    const norms = lengths(points)
    for (const bins of [1, 2, 16, 32, 64]) {
      const expected = binsInFloat64(points, norms, bins)
      expect(binsByKernel(points, norms, bins).found).toEqual(expected)
    }
  })

  test('are those of float64 across blocks along all three dimensions, and few pairs are computed again in float64', () => {
    for (const [rows, columns] of [
      [530, 1100],
      [1030, 9],
    ] as const) {
      const points = filled(rows, columns, 3)
      const norms = lengths(points)
      const expected = binsInFloat64(points, norms, 50)
      const { counts, found, exact } = binsByKernel(points, norms, 50)
      expect(found.findIndex((bin, at) => bin !== expected[at])).toBe(-1)
      expect(counts).toEqual(countsOf(expected, 50))
      expect(exact).toBeLessThan((rows * rows) / 1000)
    }
  })

  test('are those of float64 where cosines lie from 1e-9 to 1e-5 off the edges of bins, in either precision', () => {
    for (const [columns, bins] of [
      [2, 1],
      [17, 3],
      [1025, 7],
      [100, 256],
    ] as const) {
      const rows = 300
      const { data } = filled(rows, columns, 8)
      const first = data.subarray(0, columns)
      const length = Math.hypot(...first)
      for (let row = 1; row < rows; row++) {
        const some = data.subarray(row * columns, (row + 1) * columns)
        const along = dot(first, some) / length ** 2
        const across = some.map((value, at) => value - along * (first[at] as number))
        const off = Math.sin(row) * 10 ** (-9 + (row % 5))
        const aligned = Math.max(-1, Math.min(1, -1 + (2 * (row % (bins + 1))) / bins + off))
        const factor = (Math.sqrt(1 - aligned * aligned) * length) / Math.hypot(...across)
        some.set(across.map((value, at) => aligned * (first[at] as number) + factor * value))
      }
      for (const values of [data, Float32Array.from(data)]) {
        const points = { rows, columns, data: values } as Points
        const norms = lengths(points)
        expect(binsByKernel(points, norms, bins).found).toEqual(binsInFloat64(points, norms, bins))
      }
    }
  })

  test('are those of float64 where rows are so long that the sums of what rounding took away lose much of it', () => {
    const points = { rows: 2, columns: 794_160, data: new Float64Array(2 * 794_160).fill(1) }
    for (const bins of [2, 50]) {
      const { counts, found } = binsByKernel(points, lengths(points), bins, false)
      expect(found[1]).toBe(bins - 1)
      expect(counts[bins - 1]).toBe(1)
    }
  })

  test('are those of float64 where sums of products do not fit int32', () => {
    // Entries of 500.52 are rounded to 501, and 8557 · 501² is more than 2³¹.
    const columns = 8557
    const data = Float64Array.from({ length: 3 * columns }, (_, at) => (at < 2 * columns ? 1 : -1))
    const points = { rows: 3, columns, data }
    for (const bins of [1, 3, 256])
      expect(binsByKernel(points, lengths(points), bins, false).found).toEqual(
        binsInFloat64(points, lengths(points), bins),
      )
  })

  test('are the same with a second thread, whoever does the work', () => {
    for (const [rows, columns] of [
      [1100, 40],
      [700, 1100],
    ] as const) {
      const points = filled(rows, columns, 5)
      const norms = lengths(points)
      const alone = binsByKernel(points, norms, 64, false)
      const together = binsByKernel(points, norms, 64, true)
      expect(together.counts).toEqual(alone.counts)
      expect(together.exact).toBe(alone.exact)
      expect(together.found.findIndex((bin, at) => bin !== alone.found[at])).toBe(-1)
    }
  })

  test('may be stopped by an error, and the next count starts afresh', () => {
    const points = filled(600, 30, 2)
    const norms = lengths(points)
    const stop = () => {
      throw new Error('enough')
    }
    expect(() => countCosines(points, norms, { bins: 9, exactBin: stop, keep: stop, shared: true })).toThrow(
      'enough',
    )
    const counts = binsByKernel(points, norms, 9, true).counts
    expect(counts.reduce((a, b) => a + b)).toBe((600 * 599) / 2)
  })
})

/** A kernel whose memory is shared: undefined with one processor, where there is no second thread. */
const sharedKernel = kernelName() !== 'plain' && canShare() ? cosineKernel(65_536, true) : undefined

describe.skipIf(sharedKernel === undefined)('the second thread', () => {
  const kernel = sharedKernel as CosineKernel
  const words = kernel && new Int32Array(kernel.memory.buffer)

  /** Eight rows of one pair (1, 2) times eight of one pair (3, 4): 11 everywhere, from word 64 on. */
  function job(): readonly KernelCall[] {
    words
      .fill(0)
      .fill(1 | (2 << 16), 0, 8)
      .fill(3 | (4 << 16), 16, 24)
    return [[loopOf('setInt16'), 1, 1, 1, 0, 64, 256, 32]]
  }
  const result = () => words.slice(64, 128)
  const expected = new Int32Array(64).fill(11)

  test('does jobs by itself', () => {
    const calls = callsOn(kernel)
    calls.begin([job()])
    // We take no job before it is done, or ten seconds are over.
    for (let tries = 0; tries < 2000 && Atomics.load(words, 127) !== 11; tries++)
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
    expect(result()).toEqual(new Int32Array(64))
    second.finish()
    expect(result()).toEqual(expected)
    second.end()
    first.end()
  })
})
