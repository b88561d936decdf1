import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kMeans } from './k-means.ts'
import { type Matrix, matrixFromRows } from './matrix.ts'

/** Park and Miller's generator: numeric/ stands below random/, so the laws bring their own source. */
function source(seed: number): { next(): number } {
  let state = (seed % 2147483646) + 1
  return {
    next() {
      state = (state * 48271) % 2147483647
      return (state - 1) / 2147483646
    },
  }
}

const coordinate = fc.integer({ min: -8, max: 8 }).map((value) => value / 4)
const rows = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.array(fc.array(coordinate, { minLength: columns, maxLength: columns }), {
    minLength: 1,
    maxLength: 40,
  }),
)
const single = (points: Matrix): Matrix<Float32Array> => ({ ...points, data: Float32Array.from(points.data) })

function squared(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((total, value, index) => total + (value - (b[index] ?? 0)) ** 2, 0)
}

test('labels are nearest, no cluster is empty, inertia never rises; in both precisions', () => {
  fc.assert(
    fc.property(
      rows,
      fc.integer({ min: 1, max: 12 }),
      fc.nat(1000),
      fc.boolean(),
      (data, k, seed, float32) => {
        const points = matrixFromRows(data)
        const result = kMeans(float32 ? single(points) : points, k, { random: source(seed) })
        const distinct = new Set(data.map((row) => JSON.stringify(row.map((value) => value + 0)))).size
        const clusters = result.centres.rows
        expect(clusters).toBe(Math.min(k, distinct))
        expect(Math.min(...result.sizes)).toBeGreaterThan(0)
        expect(result.sizes.reduce((a, b) => a + b, 0)).toBe(data.length)
        let inertia = 0
        for (const [index, row] of data.entries()) {
          const distances = Array.from({ length: clusters }, (_, cluster) =>
            squared(
              row,
              result.centres.data.subarray(cluster * points.columns, (cluster + 1) * points.columns),
            ),
          )
          const own = distances[result.labels[index] ?? -1] ?? Number.NaN
          expect(own).toBeLessThanOrEqual(Math.min(...distances) + 1e-9)
          expect(result.squaredDistances[index]).toBeCloseTo(own, 9)
          inertia += own
        }
        expect(result.inertia).toBeCloseTo(inertia, 9)
        for (const [index, value] of result.inertias.entries()) {
          expect(value).toBeLessThanOrEqual((result.inertias[index - 1] ?? Infinity) + 1e-9)
        }
        if (k >= distinct) expect(result.inertia).toBeLessThan(1e-20)
      },
    ),
  )
})

test('equal seeds give equal results', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 6 }), fc.nat(1000), (data, k, seed) => {
      const points = matrixFromRows(data)
      expect(kMeans(points, k, { random: source(seed) })).toEqual(kMeans(points, k, { random: source(seed) }))
    }),
  )
})

const blobs = Array.from({ length: 90 }, (_, index) => [
  100 * (index % 3) + Math.sin(index),
  50 * ((index % 3) % 2) + Math.cos(3 * index),
])

test('well-separated groups are found, in whatever order the points come', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.shuffledSubarray([...blobs.keys()], { minLength: 90 }), (seed, order) => {
      const { labels } = kMeans(matrixFromRows(order.map((index) => blobs[index] ?? [])), 3, {
        random: source(seed),
      })
      const groupOfLabel = new Map(order.map((index, at) => [labels[at], index % 3]))
      expect(groupOfLabel.size).toBe(3)
      for (const [at, index] of order.entries()) expect(groupOfLabel.get(labels[at])).toBe(index % 3)
    }),
    { numRuns: 30 },
  )
})

test('repeating every point changes neither the best partition nor, per point, its inertia', () => {
  const once = kMeans(matrixFromRows(blobs), 3, { random: source(1) })
  const twice = kMeans(matrixFromRows([...blobs, ...blobs]), 3, { random: source(1) })
  expect(twice.inertia).toBeCloseTo(2 * once.inertia, 6)
})

test('one cluster: the mean, and the inertia of the definition', () => {
  const result = kMeans(matrixFromRows([[0], [1], [5]]), 1, { random: source(1) })
  expect(Array.from(result.centres.data)).toEqual([2])
  expect(result.inertia).toBe(4 + 1 + 9)
})

test('the exact optimum of a small line, which one bad start would miss', () => {
  const line = [0, 1, 2, 10, 11, 12, 20, 21, 22, 40, 41, 42].map((value) => [value])
  expect(kMeans(matrixFromRows(line), 4, { random: source(5), restarts: 5 }).inertia).toBeCloseTo(8, 12)
})

test('many points in many dimensions: labels are nearest, and in single precision the same', () => {
  const { next } = source(11)
  // Groups that overlap, so that many iterations move few centres.
  const data = Array.from({ length: 3000 }, (_, row) =>
    Array.from({ length: 24 }, (__, column) => Math.fround(((row % 20) * (column + 1)) % 7) + next() * 9),
  )
  const points = matrixFromRows(data.map((row) => row.map(Math.fround)))
  const result = kMeans(points, 25, { random: source(2), restarts: 2 })
  const { centres, labels } = result
  expect(result.inertias.length).toBeGreaterThan(10)
  let inertia = 0
  for (const [index, label] of labels.entries()) {
    const row = points.data.subarray(index * 24, (index + 1) * 24)
    const distances = Array.from({ length: 25 }, (_, cluster) =>
      squared(row, centres.data.subarray(cluster * 24, (cluster + 1) * 24)),
    )
    inertia += distances[label] ?? NaN
    expect(distances[label]).toBeLessThanOrEqual(Math.min(...distances) * (1 + 1e-12))
  }
  expect(result.inertia / inertia).toBeCloseTo(1, 10)
  // The inertia of each iteration comes from sums and norms, the last from distances.
  expect(result.inertia / (result.inertias.at(-1) ?? NaN)).toBeCloseTo(1, 5)
  expect(kMeans(single(points), 25, { random: source(2), restarts: 2 }).labels).toEqual(labels)
})

test('far from the origin, where sums and norms cancel, the inertia never rises', () => {
  const far = matrixFromRows(blobs.map((row) => row.map((value) => value + 1e7)))
  const near = kMeans(matrixFromRows(blobs), 4, { random: source(3) })
  const { inertia, inertias } = kMeans(far, 4, { random: source(3) })
  expect(inertia / near.inertia).toBeCloseTo(1, 5)
  for (const [index, value] of inertias.entries()) {
    expect(value).toBeLessThanOrEqual((inertias[index - 1] ?? Infinity) * (1 + 1e-9))
  }
})

test('what cannot be clustered is refused', () => {
  const points = matrixFromRows([[1], [2]])
  expect(() => kMeans(points, 0, { random: source(1) })).toThrow(/`k`/)
  expect(() => kMeans(matrixFromRows([[1], [Number.NaN]]), 1, { random: source(1) })).toThrow(/finite/)
  expect(() => kMeans(matrixFromRows([], 3), 1, { random: source(1) })).toThrow(/points/)
  expect(() => kMeans(points, 1, { random: source(1), restarts: 0 })).toThrow(/`restarts`/)
})

test.each([
  ['double', 2 ** -600, 2 ** 600],
  ['single', 2 ** -110, 2 ** 110],
])('points of any size are clustered alike, in %s precision', (precision, ...sizes) => {
  const points = matrixFromRows(blobs.map((row) => row.map(Math.fround)))
  const clustered = (scale: number) => {
    const scaled = { ...points, data: points.data.map((value) => value * scale) }
    return kMeans(precision === 'single' ? single(scaled) : scaled, 3, { random: source(4) })
  }
  const expected = clustered(1)
  for (const scale of sizes) {
    const { labels, centres } = clustered(scale)
    expect(labels).toEqual(expected.labels)
    const centresOfOne = centres.data.map((value) => value / scale)
    for (const [index, value] of expected.centres.data.entries())
      expect(centresOfOne[index]).toBeCloseTo(value, 4)
  }
})
