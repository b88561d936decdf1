import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'

/**
 * Interpolates log-likelihoods between the temperatures of a grid: a C¹ piecewise cubic in log τ that is exact on
 * the grid and monotone between its points wherever the values are (Fritsch and Butland, 1984), continued by straight lines
 * outside. With one temperature the value is constant.
 */
export interface TemperatureInterpolation {
  /** The interpolant at one log τ: where it lies and what to multiply with. */
  at(logTemperature: number): TemperaturePoint
  /** Value at a point for one candidate. −Infinity where an end of the interval is, unless the point is the other end. */
  value(candidate: number, point: TemperaturePoint): number
  /** Its derivative by log τ; 0 where the value is −Infinity. */
  derivative(candidate: number, point: TemperaturePoint): number
}

export interface TemperaturePoint {
  /** Index of the grid temperature below. */
  readonly interval: number
  /** Factors of value and slope at the lower and the upper end. */
  readonly value: readonly [number, number, number, number]
  readonly derivative: readonly [number, number, number, number]
}

/** `logLikelihood` holds T values per candidate; `temperatures` is ascending and positive. */
export function temperatureInterpolation(
  temperatures: readonly number[],
  logLikelihood: Float64Array,
): TemperatureInterpolation {
  temperatures.forEach((temperature, index) => {
    if (temperature > (temperatures[index - 1] ?? 0) && temperature < Infinity) return
    throw new InvalidArgumentError({
      argument: `temperatures[${index}]`,
      expected: 'positive, finite and above the one before',
      found: temperature,
    })
  })
  const width = temperatures.length
  if (width === 0) {
    throw new InvalidArgumentError({ argument: 'temperatures', expected: 'not empty', found: 'none' })
  }
  const knots = Float64Array.from(temperatures, Math.log)
  const slopes = width === 1 ? new Float64Array(0) : candidateSlopes(knots, logLikelihood)
  return {
    at: (logTemperature) =>
      width === 1
        ? { interval: 0, value: [1, 0, 0, 0], derivative: [0, 0, 0, 0] }
        : hermite(knots, logTemperature),
    value(candidate, { interval, value }) {
      const start = candidate * width + interval
      if (width === 1) return logLikelihood[start] as number
      let sum = value[1] * (slopes[start] as number) + value[3] * (slopes[start + 1] as number)
      // −Infinity times a factor of zero would be NaN.
      if (value[0] !== 0) sum += value[0] * (logLikelihood[start] as number)
      if (value[2] !== 0) sum += value[2] * (logLikelihood[start + 1] as number)
      return sum
    },
    derivative(candidate, { interval, derivative }) {
      if (width === 1) return 0
      const start = candidate * width + interval
      const lower = logLikelihood[start] as number
      const upper = logLikelihood[start + 1] as number
      if (lower === -Infinity || upper === -Infinity) return 0
      return (
        derivative[0] * lower +
        derivative[1] * (slopes[start] as number) +
        derivative[2] * upper +
        derivative[3] * (slopes[start + 1] as number)
      )
    },
  }
}

function hermite(knots: Float64Array, x: number): TemperaturePoint {
  const last = knots.length - 1
  const low = knots[0] as number
  const high = knots[last] as number
  if (x < low) return { interval: 0, value: [1, x - low, 0, 0], derivative: [0, 1, 0, 0] }
  if (x > high) return { interval: last - 1, value: [0, 0, 1, x - high], derivative: [0, 0, 0, 1] }
  let interval = 0
  while (interval < last - 1 && x >= (knots[interval + 1] as number)) interval++
  const from = knots[interval] as number
  const length = (knots[interval + 1] as number) - from
  const t = (x - from) / length
  const s = 1 - t
  return {
    interval,
    value: [(1 + 2 * t) * s * s, length * t * s * s, t * t * (3 - 2 * t), -length * t * t * s],
    derivative: [(-6 * t * s) / length, s * (1 - 3 * t), (6 * t * s) / length, t * (3 * t - 2)],
  }
}

function candidateSlopes(knots: Float64Array, values: Float64Array): Float64Array {
  const width = knots.length
  const slopes = new Float64Array(values.length)
  const gaps = Float64Array.from(
    { length: width - 1 },
    (_, t) => (knots[t + 1] as number) - (knots[t] as number),
  )
  const secants = new Float64Array(width - 1)
  for (let start = 0; start < values.length; start += width) {
    for (let t = 0; t < width - 1; t++) {
      secants[t] = ((values[start + t + 1] as number) - (values[start + t] as number)) / (gaps[t] as number)
    }
    for (let t = 0; t < width; t++) {
      const left = t > 0 ? (secants[t - 1] as number) : NaN
      const right = t < width - 1 ? (secants[t] as number) : NaN
      slopes[start + t] = Number.isFinite(left)
        ? Number.isFinite(right)
          ? inner(left, right, gaps[t - 1] as number, gaps[t] as number)
          : left
        : Number.isFinite(right)
          ? right
          : 0
    }
    if (width > 2) {
      limitEnd(slopes, start, secants, gaps, 0, 1)
      limitEnd(slopes, start + width - 1, secants, gaps, width - 2, width - 3)
    }
  }
  return slopes
}

/** Weighted harmonic mean of the neighbouring secants, 0 at a local extremum. */
function inner(left: number, right: number, leftGap: number, rightGap: number): number {
  if (left * right <= 0) return 0
  const a = 2 * rightGap + leftGap
  const b = rightGap + 2 * leftGap
  return (a + b) / (a / left + b / right)
}

/** Three-point slope at an end, kept between 0 and three times the end's secant. */
function limitEnd(
  slopes: Float64Array,
  at: number,
  secants: Float64Array,
  gaps: Float64Array,
  near: number,
  next: number,
): void {
  const secant = secants[near] as number
  const further = secants[next] as number
  if (!Number.isFinite(secant) || !Number.isFinite(further)) return
  const gap = gaps[near] as number
  const slope = secant + ((secant - further) * gap) / (gap + (gaps[next] as number))
  if (slope * secant <= 0) slopes[at] = 0
  else slopes[at] = Math.abs(slope) > 3 * Math.abs(secant) ? 3 * secant : slope
}
