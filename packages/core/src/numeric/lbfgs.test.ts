import { expect, test } from 'vitest'
import { type DifferentiableFunction, minimiseLbfgs } from './lbfgs.ts'

/** Rosenbrock's function in pairs: minimum 0 at (1, …, 1), along a curved valley. */
const rosenbrock: DifferentiableFunction = (point, gradient) => {
  let value = 0
  for (let index = 0; index < point.length; index += 2) {
    const [x, y] = [point[index] as number, point[index + 1] as number]
    value += 100 * (y - x * x) ** 2 + (1 - x) ** 2
    gradient[index] = -400 * x * (y - x * x) - 2 * (1 - x)
    gradient[index + 1] = 200 * (y - x * x)
  }
  return value
}

test('finds the minimum of Rosenbrock’s function and leaves the start alone', () => {
  const start = Float64Array.of(-1.2, 1, -1.2, 1, 0, 3)
  const result = minimiseLbfgs(rosenbrock, start, {
    maxIterations: 200,
    valueTolerance: 0,
    gradientTolerance: 1e-9,
  })
  expect(result.stopped).toBe('gradient')
  expect(result.evaluations).toBeLessThan(120)
  result.point.forEach((component) => expect(component).toBeCloseTo(1, 7))
  expect([...start]).toEqual([-1.2, 1, -1.2, 1, 0, 3])
})

test('an ill-conditioned quadratic', () => {
  const n = 50
  const quadratic: DifferentiableFunction = (point, gradient) => {
    let value = 0
    point.forEach((component, index) => {
      const curvature = 10 ** ((4 * index) / (n - 1))
      value += 0.5 * curvature * (component - index) ** 2
      gradient[index] = curvature * (component - index)
    })
    return value
  }
  const result = minimiseLbfgs(quadratic, new Float64Array(n), {
    maxIterations: 1000,
    valueTolerance: 0,
    gradientTolerance: 1e-7,
  })
  expect(result.stopped).toBe('gradient')
  expect(result.value).toBeLessThan(1e-13)
})

test('never ends higher than it began, and backs away from where the function is not defined', () => {
  // log is NaN below zero; the first step overshoots.
  const barrier: DifferentiableFunction = (point, gradient) => {
    const x = point[0] as number
    gradient[0] = 5 - 1 / x
    return 5 * x - Math.log(x)
  }
  const result = minimiseLbfgs(barrier, Float64Array.of(3), { valueTolerance: 0 })
  expect(result.point[0]).toBeCloseTo(0.2, 6)
  const values: number[] = []
  minimiseLbfgs(rosenbrock, Float64Array.of(-1.2, 1), {
    onIteration: (_iteration, _point, value) => {
      values.push(value)
      return undefined
    },
  })
  expect(values.length).toBeGreaterThan(10)
  values.forEach((value, index) => expect(value).toBeLessThanOrEqual(values[index - 1] ?? Infinity))
})

test('stops at once at a minimum, after the iterations allowed, and when the caller says so', () => {
  expect(minimiseLbfgs(rosenbrock, Float64Array.of(1, 1))).toMatchObject({
    stopped: 'gradient',
    iterations: 0,
  })
  expect(minimiseLbfgs(rosenbrock, Float64Array.of(-1, 1), { maxIterations: 3 })).toMatchObject({
    stopped: 'iterations',
    iterations: 3,
  })
  const stopped = minimiseLbfgs(rosenbrock, Float64Array.of(-1, 1), {
    onIteration: (iteration) => iteration === 2,
  })
  expect(stopped).toMatchObject({ stopped: 'caller', iterations: 2 })
})
