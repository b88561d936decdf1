import { createRandom } from '@mop/core'
import { describe, expect, it } from 'vitest'
import { energyDistance } from './energy-distance.ts'
import { energyFloor } from './energy-floor.ts'

const sample = (seed: number, size: number, shift = 0): number[][] => {
  const random = createRandom(seed)
  return Array.from({ length: size }, () => [random.next() + shift, random.next(), random.next()])
}
const seeds = Array.from({ length: 20 }, (_, index) => index)

describe('the energy distance', () => {
  it('of two points at distance d is 2d', () => {
    expect(energyDistance([[0, 0]], [[3, 4]])).toBeCloseTo(10, 12)
  })

  it('is the formula: of {0, 1} and {0, 3} it is 2 · 7/4 − 1/2 − 3/2', () => {
    expect(energyDistance([[0], [1]], [[0], [3]])).toBeCloseTo((2 * (0 + 3 + 1 + 2)) / 4 - 0.5 - 1.5, 12)
  })

  it.each(seeds)('is 0 for equal samples, whatever their order, and symmetric (seed %i)', (seed) => {
    const x = sample(seed, 12)
    const y = sample(seed + 100, 7)
    expect(energyDistance(x, x.toReversed())).toBeCloseTo(0, 12)
    expect(energyDistance(x, [...x, ...x])).toBeCloseTo(0, 12)
    expect(energyDistance(x, y)).toBeCloseTo(energyDistance(y, x) ?? NaN, 12)
    expect(energyDistance(x, y)).toBeGreaterThan(0)
  })

  it('grows with the distance of the distributions', () => {
    const distances = [0, 1, 2, 4].map((shift) => energyDistance(sample(1, 40), sample(2, 40, shift)) ?? NaN)
    expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  })

  it('of nothing is not known', () => {
    expect(energyDistance([], [[1]])).toBeUndefined()
  })
})

describe('the floor', () => {
  const many = Array.from({ length: 400 }, (_, index) => index)

  it.each([
    [20, 40],
    [60, 9],
    [12, 12],
  ])('is the mean distance of %i simulated to %i real ones of one distribution', (simulated, real) => {
    const pairs = many.map((seed) => {
      const population = sample(seed + 1000, real)
      return {
        floor: energyFloor(population, simulated) ?? NaN,
        distance: energyDistance(sample(seed + 9000, simulated), population) ?? NaN,
      }
    })
    const mean = (of: 'floor' | 'distance'): number =>
      pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length
    expect(mean('floor') / mean('distance')).toBeGreaterThan(0.95)
    expect(mean('floor') / mean('distance')).toBeLessThan(1.05)
  })

  it('is far below the distance of others', () => {
    const floor = energyFloor(sample(1, 60), 20) ?? NaN
    expect(floor).toBeLessThan((energyDistance(sample(3, 20, 1), sample(1, 60)) ?? NaN) / 5)
  })

  it('is 0 where all are the same, and unknown for few', () => {
    expect(energyFloor(Array(8).fill([1, 0]), 4)).toBe(0)
    expect(energyFloor(sample(1, 3), 5)).toBeUndefined()
    expect(energyFloor(sample(1, 9), 0)).toBeUndefined()
  })
})
