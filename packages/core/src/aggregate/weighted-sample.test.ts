import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { representatives } from './representatives.ts'
import { weightedSample } from './weighted-sample.ts'

test('each row stands in the sample as often as its weight says, to within one', () => {
  const weights = fc
    .array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 })
    .filter((list) => list.some((weight) => weight > 0.01))
  fc.assert(
    fc.property(weights, fc.nat(50), fc.nat(1000), (given, n, seed) => {
      const rows = given.map((_, index) => index)
      const sample = weightedSample(rows, given, n, createRandom(seed))
      const total = given.reduce((a, b) => a + b, 0)
      expect(sample).toHaveLength(n)
      for (const row of rows) {
        const count = sample.filter((drawn) => drawn === row).length
        expect(Math.abs(count - (n * (given[row] ?? 0)) / total)).toBeLessThan(1 + 1e-9)
      }
    }),
  )
  expect(() => weightedSample(['a'], [1, 2], 1, createRandom(1))).toThrow(/weights/)
})

const rows = ['low 1', 'low 2', 'low 3', 'high 1', 'high 2', 'alone']
const embeddings = [
  [0, 0],
  [0, 1],
  [0, 2],
  [50, 0],
  [50, 4],
  [0, 90],
].map((row) => Float32Array.from(row))

test('representatives are the medoids of the clusters, with the share they stand for', () => {
  const found = representatives(rows, embeddings, [1, 1, 1, 3, 1, 1], 3, createRandom(1))
  expect(found).toEqual([
    { row: 'high 1', index: 3, share: 0.5, members: [3, 4] },
    { row: 'low 2', index: 1, share: 3 / 8, members: [0, 1, 2] },
    { row: 'alone', index: 5, share: 1 / 8, members: [5] },
  ])
})

test('a medoid has the least weighted sum of squared distances of its cluster', () => {
  const coordinate = fc.integer({ min: -9, max: 9 })
  const row = fc.record({ at: fc.tuple(coordinate, coordinate), weight: fc.integer({ min: 1, max: 4 }) })
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 15 }),
      fc.integer({ min: 1, max: 4 }),
      (given, k) => {
        const points = given.map(({ at }) => Float32Array.from(at))
        const cost = (from: number, members: readonly number[]): number =>
          members.reduce((sum, member) => {
            const [x = 0, y = 0] = given[member]?.at ?? []
            const [fromX = 0, fromY = 0] = given[from]?.at ?? []
            return sum + (given[member]?.weight ?? 0) * ((x - fromX) ** 2 + (y - fromY) ** 2)
          }, 0)
        const found = representatives(
          given,
          points,
          given.map(({ weight }) => weight),
          k,
          createRandom(1),
        )
        expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
        expect(found.flatMap(({ members }) => members).toSorted((a, b) => a - b)).toEqual([...given.keys()])
        for (const { index, members } of found) {
          expect(cost(index, members)).toBeLessThanOrEqual(
            Math.min(...members.map((member) => cost(member, members))) + 1e-6,
          )
        }
      },
    ),
  )
})

test('a row without weight represents nobody', () => {
  const found = representatives(rows, embeddings, [1, 0, 1, 0, 0, 0], 3, createRandom(1))
  expect(found.map(({ row, share }) => [row, share])).toEqual([['low 1', 1]])
  expect(() => representatives(rows, embeddings, [0, 0, 0, 0, 0, 0], 3, createRandom(1))).toThrow(/weights/)
  expect(() => representatives(rows, [], [1, 1, 1, 1, 1, 1], 3, createRandom(1))).toThrow(/embeddings/)
})
