import { expect, it } from 'vitest'
import { isClearGain, type RowsOfPerson } from './clear-gain.ts'

const alone = (gains: readonly number[]): RowsOfPerson[] => gains.map((_, row) => [{ row, weight: 1 }])

it('compares the mean with its standard error: deviation / √n for people of one record', () => {
  // Mean 1, deviation √(10/3): standard error 0.913; shifted down by 0.1 the mean is below it.
  const gains = [-1, 0, 2, 3]
  expect(isClearGain(gains, alone(gains))).toBe(true)
  const less = gains.map((gain) => gain - 0.1)
  expect(isClearGain(less, alone(less))).toBe(false)
})

it('counts people and not their records: what one says ten times is said by one', () => {
  const gains = [-1, 0, 2, 2.9]
  const tenTimes = Array.from({ length: 40 }, (_, index) => gains[index % 4] ?? 0)
  expect(isClearGain(tenTimes, alone(tenTimes))).toBe(true)
  const people = gains.map((_, person) =>
    tenTimes.flatMap((_gain, row) => (row % 4 === person ? [{ row, weight: 1 }] : [])),
  )
  expect(isClearGain(tenTimes, people)).toBe(isClearGain(gains, alone(gains)))
})

it('reads a row that several people share as an answer of each', () => {
  const [shared, apart] = [
    [0.5, -0.4],
    [0.5, 0.5, 0.5, -0.4],
  ] as const
  const people = [0, 0, 0, 1].map((row) => [{ row, weight: 1 }])
  expect(isClearGain(shared, people)).toBe(isClearGain(apart, alone(apart)))
})

it('is never clear of one person, nor of none', () => {
  expect(
    isClearGain(
      [1, 2],
      [
        [
          { row: 0, weight: 1 },
          { row: 1, weight: 1 },
        ],
      ],
    ),
  ).toBe(false)
  expect(isClearGain([], [])).toBe(false)
})
