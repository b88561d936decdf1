import { axpy } from './axpy.ts'
import { dot } from './dot.ts'

export interface LbfgsOptions {
  /** Default 100. */
  readonly maxIterations?: number
  /** Pairs of the memory. Default 10. */
  readonly memory?: number
  /** Stop where no component of the gradient is larger. Default 1e-6. */
  readonly gradientTolerance?: number
  /** Stop where an iteration gains less than this fraction of max(1, |value|). Default 1e-9. */
  readonly valueTolerance?: number
  /** Called after each iteration; return true to stop there. */
  readonly onIteration?: (iteration: number, point: Float64Array, value: number) => boolean | undefined
}

export interface LbfgsResult {
  readonly point: Float64Array
  readonly value: number
  readonly iterations: number
  /** Calls of `evaluate`. */
  readonly evaluations: number
  readonly stopped: 'gradient' | 'value' | 'iterations' | 'line search' | 'caller'
}

/** Value at `point`; fills `gradient`. May return NaN or Infinity where the function is not defined. */
export type DifferentiableFunction = (point: Float64Array, gradient: Float64Array) => number

/**
 * Minimises a smooth function by L-BFGS with a line search for the strong Wolfe conditions
 * (Nocedal and Wright, 2006, algorithms 7.4, 7.5, 3.5 and 3.6). `start` is left unchanged. Deterministic.
 */
export function minimiseLbfgs(
  evaluate: DifferentiableFunction,
  start: Float64Array,
  options: LbfgsOptions = {},
): LbfgsResult {
  const {
    maxIterations = 100,
    memory = 10,
    gradientTolerance = 1e-6,
    valueTolerance = 1e-9,
    onIteration,
  } = options
  let point: Float64Array = start.slice()
  let gradient: Float64Array = new Float64Array(point.length)
  let value = evaluate(point, gradient)
  let evaluations = 1
  const pairs: CurvaturePair[] = []
  let iterations = 0
  const finish = (stopped: LbfgsResult['stopped']): LbfgsResult => ({
    point,
    value,
    iterations,
    evaluations,
    stopped,
  })
  for (;;) {
    if (largest(gradient) <= gradientTolerance) return finish('gradient')
    if (iterations >= maxIterations) return finish('iterations')
    let direction = quasiNewtonDirection(gradient, pairs)
    let slope = dot(gradient, direction)
    if (!(slope < 0)) {
      pairs.length = 0
      direction = gradient.map((component) => -component)
      slope = dot(gradient, direction)
    }
    const first = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    const step = searchStrongWolfe(evaluate, point, value, slope, direction, first)
    evaluations += step.evaluations
    if (step.length === 0) {
      if (pairs.length === 0) return finish('line search')
      // A direction that leads nowhere: forget the curvature and try the gradient's.
      pairs.length = 0
      continue
    }
    iterations++
    const change = direction.map((component) => component * step.length)
    const gradientChange = step.gradient.map((component, index) => component - (gradient[index] as number))
    const curvature = dot(change, gradientChange)
    if (curvature > 1e-12 * dot(gradientChange, gradientChange)) {
      pairs.push({ change, gradientChange, curvature })
      if (pairs.length > memory) pairs.shift()
    }
    const gain = value - step.value
    point = step.point
    gradient = step.gradient
    value = step.value
    if (onIteration?.(iterations, point, value) === true) return finish('caller')
    if (gain <= valueTolerance * Math.max(1, Math.abs(value))) return finish('value')
  }
}

interface CurvaturePair {
  readonly change: Float64Array
  readonly gradientChange: Float64Array
  readonly curvature: number
}

function largest(values: Float64Array): number {
  let maximum = 0
  for (const value of values) maximum = Math.max(maximum, Math.abs(value))
  return maximum
}

/** The two-loop recursion. */
function quasiNewtonDirection(gradient: Float64Array, pairs: readonly CurvaturePair[]): Float64Array {
  const direction = gradient.map((component) => -component)
  const factors: number[] = []
  for (const { change, gradientChange, curvature } of pairs.toReversed()) {
    const factor = dot(change, direction) / curvature
    factors.push(factor)
    axpy(-factor, gradientChange, direction)
  }
  const last = pairs.at(-1)
  if (last !== undefined) {
    const scale = last.curvature / dot(last.gradientChange, last.gradientChange)
    for (let index = 0; index < direction.length; index++) {
      direction[index] = (direction[index] as number) * scale
    }
  }
  for (const { change, gradientChange, curvature } of pairs) {
    const factor = dot(gradientChange, direction) / curvature
    axpy((factors.pop() ?? 0) - factor, change, direction)
  }
  return direction
}

interface Trial {
  readonly length: number
  readonly value: number
  readonly slope: number
  readonly point: Float64Array
  readonly gradient: Float64Array
}

const sufficientDecrease = 1e-4
const curvatureCondition = 0.9
const longestSearch = 25

/** A step that meets the strong Wolfe conditions, or the best decrease found; length 0 where there is none. */
function searchStrongWolfe(
  evaluate: DifferentiableFunction,
  origin: Float64Array,
  value: number,
  slope: number,
  direction: Float64Array,
  first: number,
): Trial & { readonly evaluations: number } {
  let evaluations = 0
  const attempt = (length: number): Trial => {
    evaluations++
    const point = origin.map((component, index) => component + length * (direction[index] as number))
    const gradient = new Float64Array(point.length)
    const found = evaluate(point, gradient)
    const usable = Number.isFinite(found)
    return {
      length,
      point,
      gradient,
      value: usable ? found : Infinity,
      slope: usable ? dot(gradient, direction) : Infinity,
    }
  }
  const start: Trial = { length: 0, value, slope, point: origin, gradient: direction }
  const tooHigh = (trial: Trial) => !(trial.value <= value + sufficientDecrease * trial.length * slope)
  const flatEnough = (trial: Trial) => Math.abs(trial.slope) <= -curvatureCondition * slope
  let below = start
  let above: Trial | undefined
  let length = first
  while (evaluations < longestSearch) {
    const trial = attempt(length)
    if (tooHigh(trial) || (below.length > 0 && trial.value >= below.value)) above = trial
    else if (flatEnough(trial)) return { ...trial, evaluations }
    else if (trial.slope >= 0) {
      above = below
      below = trial
    } else below = trial
    if (above !== undefined) break
    length *= 4
  }
  // `below` always meets the decrease condition; a good step lies between it and `above`.
  while (above !== undefined && evaluations < longestSearch) {
    const width = above.length - below.length
    if (Math.abs(width) < 1e-12 * Math.max(below.length, above.length)) break
    const trial = attempt(below.length + interpolatedFraction(below, above) * width)
    if (tooHigh(trial) || trial.value >= below.value) above = trial
    else {
      if (flatEnough(trial)) return { ...trial, evaluations }
      if (trial.slope * width >= 0) above = below
      below = trial
    }
  }
  return { ...below, evaluations }
}

/** Where between the two a cubic through values and slopes is least, kept away from the ends. */
function interpolatedFraction(from: Trial, to: Trial): number {
  const width = to.length - from.length
  if (!Number.isFinite(to.value)) return 0.25
  const d1 = from.slope + to.slope - (3 * (to.value - from.value)) / width
  const square = d1 * d1 - from.slope * to.slope
  if (!(square >= 0)) return 0.5
  const d2 = Math.sign(width) * Math.sqrt(square)
  const fraction = 1 - (to.slope + d2 - d1) / (to.slope - from.slope + 2 * d2)
  return Number.isFinite(fraction) ? Math.min(0.9, Math.max(0.1, fraction)) : 0.5
}
