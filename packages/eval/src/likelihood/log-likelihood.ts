import { logSumExp, meanAndStandardError } from '@mop/core/numeric'
import { logMean } from './log-mean.ts'
import { checkScored, type ScoredResponses } from './scored-responses.ts'

/** How likely real responses are under one way to simulate, in nats. */
export interface LogLikelihood {
  /** log p̂(y_i | x_i) of each response. */
  readonly ofEach: Float64Array
  /** Σ w_i log p̂(y_i | x_i) / Σ w_i. In (−∞, 0], higher is better. */
  readonly perResponse: number
  /** The same over the mean number of tokens of a response, its end included. */
  readonly perToken: number
  /**
   * Standard error of `perResponse` from the prompts drawn (jackknife over them); 0 where all prompts agree, NaN where a response has one alone
   * or is possible under one alone of several: without it there is nothing to compare.
   */
  readonly monteCarloError: number
  /**
   * How far `perResponse` is estimated to lie below its value under all prompts that could be drawn (jackknife; ≤ 0 but for noise): p̂ is
   * unbiased, its logarithm is not. 0 where all prompts agree, NaN as the error.
   */
  readonly monteCarloBias: number
}

/**
 * Mean log-likelihood of real responses (METHOD sections 2 and 3): p̂(y_i | x_i) = (1 / M_i) Σ_m p(y_i | prompt m), in log space, over
 * prompts drawn as the simulation draws them. Unbiased for Σ_c P(prompt c) p(y_i | c): for a mixture
 * Σ_k π_k(x) Σ_j Ω_kj(x) p^{τ_k}(y_i | g_k, e_j, x). Error and bias by the jackknife (Efron 1982), leaving one prompt out of all responses at once, as
 * responses to one input share their prompts.
 *
 * Long responses weigh more: log p is a sum over tokens, and the figure per token is a ratio of means, not a mean of ratios.
 *
 * @throws InvalidArgumentError without responses or a prompt for one, and for values that are no log-likelihoods.
 */
export function logLikelihood(responses: ScoredResponses): LogLikelihood {
  checkScored(responses)
  const { logLikelihoods, tokens } = responses
  const weights = responses.weights ?? new Float64Array(logLikelihoods.length).fill(1)
  const ofEach = Float64Array.from(logLikelihoods, logMean)
  const perResponse = weightedMean(ofEach, weights)
  const deviations: number[] = []
  const bias = new Float64Array(ofEach.length)
  let total = 0
  for (const [index, values] of logLikelihoods.entries()) {
    const weight = weights[index] as number
    total += weight
    if (weight === 0) continue
    if (values.length === 1) {
      deviations[0] = Number.NaN
      bias[index] = Number.NaN
      continue
    }
    const left = leftOut(values)
    if (left.length < 2) continue
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length
    bias[index] = mean === -Infinity ? Number.NaN : (left.length - 1) * (mean - (ofEach[index] as number))
    const scale = Math.sqrt((left.length - 1) / left.length)
    left.forEach((value, prompt) => {
      deviations[prompt] = (deviations[prompt] ?? 0) + weight * scale * (value - mean)
    })
  }
  return {
    ofEach,
    perResponse,
    perToken: perResponse / weightedMean(tokens, weights),
    monteCarloError: Math.sqrt(deviations.reduce((sum, value) => sum + value ** 2, 0)) / total,
    monteCarloBias: weightedMean(bias, weights),
  }
}

/** The log of the mean over all prompts but one, for each; none where all agree. */
function leftOut(values: ArrayLike<number>): readonly number[] {
  const all = Array.from(values)
  if (all.every((value) => value === all[0])) return []
  const before = [-Infinity]
  const after = [-Infinity]
  for (const [index, value] of all.entries()) {
    before.push(logSumExp([before[index] as number, value]))
    after.push(logSumExp([after[index] as number, all[all.length - 1 - index] as number]))
  }
  return all.map(
    (_, left) =>
      logSumExp([before[left] as number, after[all.length - 1 - left] as number]) - Math.log(all.length - 1),
  )
}

function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  return meanAndStandardError(values, weights).mean
}
