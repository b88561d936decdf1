import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { temperatureInterpolation } from './temperature-interpolation.ts'

const grid = [0.5, 0.7, 1, 1.6]
const values = fc.array(fc.double({ min: -300, max: 0, noNaN: true }), { minLength: 4, maxLength: 4 })

test('is exact on the grid, stays between its neighbours, and is C¹', () => {
  fc.assert(
    fc.property(values, fc.double({ min: Math.log(0.3), max: Math.log(2), noNaN: true }), (row, x) => {
      // The second candidate, to see that rows are not mixed up.
      const data = Float64Array.from([1, 2, 3, 4, ...row])
      const interpolation = temperatureInterpolation(grid, data)
      const value = (at: number) => interpolation.value(1, interpolation.at(at))
      const slope = (at: number) => interpolation.derivative(1, interpolation.at(at))
      grid.forEach((temperature, t) => {
        expect(value(Math.log(temperature))).toBeCloseTo(row[t] as number, 9)
        const step = 1e-9
        expect(slope(Math.log(temperature) - step)).toBeCloseTo(slope(Math.log(temperature) + step), 3)
      })
      const step = 1e-6
      const numeric = (value(x + step) - value(x - step)) / (2 * step)
      expect(Math.abs(slope(x) - numeric)).toBeLessThan(1e-2)
      const above = grid.findIndex((temperature) => Math.log(temperature) >= x)
      if (above > 0) {
        const [low, high] = [row[above - 1] as number, row[above] as number]
        expect(value(x)).toBeGreaterThanOrEqual(Math.min(low, high) - 1e-9)
        expect(value(x)).toBeLessThanOrEqual(Math.max(low, high) + 1e-9)
      }
    }),
  )
})

// Monotone pieces flatten the top of a likelihood that peaks between grid temperatures.
test('follows a smooth likelihood to within a fraction of its range', () => {
  const likelihood = (x: number) => -20 - 4 * (x - 0.1) ** 2 + 0.5 * x
  const interpolation = temperatureInterpolation(
    grid,
    Float64Array.from(grid, (t) => likelihood(Math.log(t))),
  )
  for (const x of [-0.6, -0.2, 0.2, 0.4]) {
    expect(Math.abs(interpolation.value(0, interpolation.at(x)) - likelihood(x))).toBeLessThan(0.15)
  }
})

test('one temperature is constant', () => {
  const interpolation = temperatureInterpolation([0.7], Float64Array.of(-3, -Infinity))
  const point = interpolation.at(5)
  expect(interpolation.value(0, point)).toBe(-3)
  expect(interpolation.value(1, point)).toBe(-Infinity)
  expect(interpolation.derivative(0, point)).toBe(0)
})

test('minus infinity reaches over its interval and no further', () => {
  const interpolation = temperatureInterpolation(grid, Float64Array.of(-Infinity, -5, -4, -3))
  const at = (temperature: number) => interpolation.at(Math.log(temperature))
  expect(interpolation.value(0, at(0.5))).toBe(-Infinity)
  expect(interpolation.value(0, at(0.6))).toBe(-Infinity)
  expect(interpolation.derivative(0, at(0.6))).toBe(0)
  expect(interpolation.value(0, at(0.7))).toBe(-5)
  expect(interpolation.value(0, at(0.85))).toBeGreaterThan(-5)
  expect(interpolation.derivative(0, at(0.85))).toBeGreaterThan(0)
})

test('a grid that is empty or not ascending is refused', () => {
  for (const wrong of [[], [1, 1], [1, 0.5], [0, 1], [NaN]]) {
    expect(() => temperatureInterpolation(wrong, new Float64Array(wrong.length))).toThrow(
      InvalidArgumentError,
    )
  }
})
