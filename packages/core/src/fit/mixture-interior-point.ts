import { cholesky, solveCholesky } from '../numeric/cholesky.ts'
import { multiply } from '../numeric/gemm.ts'
import { evaluateMixture, type MixtureProblem } from './mixture-problem.ts'

/** One damped Newton step on the perturbed optimality conditions κ − ∂f − s = 0, w s = μ. Updates `slacks`. */
export function interiorPointStep(
  problem: MixtureProblem,
  weights: Float64Array,
  slacks: Float64Array,
): Float64Array {
  const { likelihood, recordWeights, pseudoCounts, scale } = problem
  const { rows, columns, data } = likelihood
  const gradient = new Float64Array(columns)
  const densities = new Float64Array(rows)
  evaluateMixture(problem, weights, gradient, densities)
  const scaled = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const factor = Math.sqrt(recordWeights[row] as number) / (densities[row] as number)
    for (let column = 0; column < columns; column++) {
      scaled[row * columns + column] = factor * (data[row * columns + column] as number)
    }
  }
  const scaledMatrix = { rows, columns, data: scaled }
  const hessian = multiply(scaledMatrix, scaledMatrix, { transposeA: true })
  let complementarity = 0
  for (let column = 0; column < columns; column++) {
    const weight = weights[column] as number
    const slack = slacks[column] as number
    complementarity += weight * slack
    const diagonal = column * columns + column
    hessian.data[diagonal] =
      (hessian.data[diagonal] as number) * (1 + 1e-14) +
      slack / weight +
      (pseudoCounts[column] as number) / weight ** 2
  }
  complementarity /= columns
  const factor = cholesky(hessian)
  const direction = (target: number, correction?: Float64Array): Float64Array =>
    solveCholesky(
      factor,
      gradient.map(
        (slope, column) =>
          slope - scale + (target - (correction?.[column] ?? 0)) / (weights[column] as number),
      ),
    )
  const slackChange = (step: Float64Array, target: number, correction?: Float64Array): Float64Array =>
    slacks.map(
      (slack, column) =>
        (target - (correction?.[column] ?? 0) - slack * (step[column] as number)) /
          (weights[column] as number) -
        slack,
    )
  // Mehrotra's predictor chooses how far to aim down the central path, and his corrector bends towards it.
  const predictor = direction(0)
  const predictorSlacks = slackChange(predictor, 0)
  const reachWeights = longestStep(weights, predictor)
  const reachSlacks = longestStep(slacks, predictorSlacks)
  let aimed = 0
  for (let column = 0; column < columns; column++) {
    aimed +=
      ((weights[column] as number) + reachWeights * (predictor[column] as number)) *
      ((slacks[column] as number) + reachSlacks * (predictorSlacks[column] as number))
  }
  aimed /= columns
  const target = complementarity * Math.min(1, Math.max(aimed / complementarity, 1e-4)) ** 3
  const correction = predictor.map((change, column) => change * (predictorSlacks[column] as number))
  for (const bend of [correction, undefined]) {
    const step = direction(target, bend)
    const changes = slackChange(step, target, bend)
    let length = 0.995 * longestStep(weights, step)
    const accepted = decrease(problem, weights, step, length, target)
    if (bend !== undefined && !accepted) continue
    while (length > 1e-10 && !decrease(problem, weights, step, length, target)) length /= 2
    const slackLength = 0.995 * longestStep(slacks, changes)
    for (let column = 0; column < columns; column++) {
      slacks[column] = (slacks[column] as number) + slackLength * (changes[column] as number)
    }
    return weights.map((weight, column) => weight + length * (step[column] as number))
  }
  return weights
}

/** The largest step ≤ 1 / 0.995 that keeps values + step · changes ≥ 0. */
function longestStep(values: Float64Array, changes: Float64Array): number {
  let longest = 1 / 0.995
  for (let index = 0; index < values.length; index++) {
    const change = changes[index] as number
    if (change < 0) longest = Math.min(longest, -(values[index] as number) / change)
  }
  return longest
}

/** Whether the barrier function −f + κ Σ w − μ Σ log w does not rise (to rounding) over a step. */
function decrease(
  problem: MixtureProblem,
  weights: Float64Array,
  step: Float64Array,
  length: number,
  target: number,
): boolean {
  const scratch = new Float64Array(weights.length)
  const merit = (at: Float64Array) =>
    at.reduce(
      (sum, weight) => sum + problem.scale * weight - target * Math.log(weight),
      -evaluateMixture(problem, at, scratch),
    )
  const before = merit(weights)
  const after = merit(weights.map((weight, column) => weight + length * (step[column] as number)))
  return after <= before + 1e-12 * Math.max(1, Math.abs(before))
}
