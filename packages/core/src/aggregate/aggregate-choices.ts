import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { meanAndStandardError } from '../numeric/mean-and-standard-error.ts'
import { normalQuantile } from '../numeric/normal-quantile.ts'
import type { ChoiceDistribution, ConfidenceInterval } from './choice-distribution.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** One component of the mixture at one input, and what it would answer. */
export interface ComponentAnswer {
  /** π_k(x) Ω_kj(x), or anything in proportion to it; of a drawn component how often it was drawn. */
  readonly weight: number
  /** p(choice | component, x), one per choice, sums to one. */
  readonly probabilities: ArrayLike<number>
  /** Of the probabilities, where they are estimates whose errors are known. */
  readonly standardErrors?: ArrayLike<number>
  /** Where the probabilities are shares among so many independent answers of the model. */
  readonly draws?: number
}

export interface AggregateChoicesOptions {
  /**
   * `all`: the components are all that carry weight, and only their probabilities are uncertain. `drawn`: they
   * were drawn independently from the gate, one entry per draw, and stand for the others too. Default 'all'.
   */
  readonly components?: 'all' | 'drawn'
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number
}

/**
 * The population's answer to a closed question by weight (METHOD section 6): with W = Σ w_c,
 *
 *     p(a) = Σ_c (w_c / W) p_c(a).
 *
 * Standard errors by the delta method, components being independent. `all`: √ Σ_c (w_c/W)² s_c(a)², where s_c(a)
 * is the given standard error, or √( p_c(a)(1 − p_c(a)) / draws ) where the probabilities were counted (multinomial), or 0
 * where they are exact. `drawn`: the linearised variance of a ratio, n/(n−1) Σ_c (w_c/W)² (p_c(a) − p(a))²
 * (Cochran 1977, section 6.3), in which the error of each p_c is already contained; of a single draw it is NaN.
 *
 * Intervals are Wilson's with the size n at which p(1 − p)/n equals the squared standard error; for counted components at
 * p = 0 or 1, where that says nothing, 1/n = Σ_c (w_c/W)² / draws.
 *
 * @throws InvalidArgumentError naming the component whose numbers do not fit.
 */
export function aggregateChoices(
  choices: readonly string[],
  components: readonly ComponentAnswer[],
  options: AggregateChoicesOptions = {},
): ChoiceDistribution {
  const { confidence = 0.95 } = options
  check(choices, components, confidence)
  const weights = components.map(({ weight }) => weight)
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0)
  const drawn = options.components === 'drawn'
  const countedSize = drawn ? Infinity : sizeOfCounts(components, totalWeight)
  const probabilities = new Float64Array(choices.length)
  const standardErrors = new Float64Array(choices.length)
  for (const choice of choices.keys()) {
    const values = components.map((component) => component.probabilities[choice] as number)
    const { mean, standardError } = meanAndStandardError(values, weights)
    probabilities[choice] = mean
    standardErrors[choice] = drawn ? standardError : withinComponents(components, choice, totalWeight)
  }
  return {
    choices,
    probabilities,
    standardErrors,
    intervals: Array.from(probabilities, (probability, choice) =>
      intervalOf(probability, standardErrors[choice] as number, countedSize, confidence),
    ),
  }
}

function withinComponents(
  components: readonly ComponentAnswer[],
  choice: number,
  totalWeight: number,
): number {
  let variance = 0
  for (const { weight, probabilities, standardErrors, draws } of components) {
    const p = probabilities[choice] as number
    const own =
      standardErrors === undefined
        ? draws === undefined
          ? 0
          : (p * (1 - p)) / draws
        : (standardErrors[choice] as number) ** 2
    variance += (weight / totalWeight) ** 2 * own
  }
  return Math.sqrt(variance)
}

function intervalOf(
  probability: number,
  standardError: number,
  countedSize: number,
  confidence: number,
): ConfidenceInterval {
  if (Number.isNaN(standardError)) return { lower: 0, upper: 1 }
  // An answer that no draw gave has no spread, but its interval has a length.
  if (standardError === 0) return wilsonInterval(probability, countedSize, confidence)
  const spread = probability * (1 - probability)
  if (spread > 0) return wilsonInterval(probability, spread / standardError ** 2, confidence)
  const reach = normalQuantile((1 + confidence) / 2) * standardError
  return { lower: Math.max(0, probability - reach), upper: Math.min(1, probability + reach) }
}

/** The size n at which p(1 − p)/n is the variance of counts that share one p; Infinity where nothing was counted. */
function sizeOfCounts(components: readonly ComponentAnswer[], totalWeight: number): number {
  let inverse = 0
  for (const { weight, draws, standardErrors } of components) {
    if (draws !== undefined && standardErrors === undefined) inverse += (weight / totalWeight) ** 2 / draws
  }
  return 1 / inverse
}

function check(choices: readonly string[], components: readonly ComponentAnswer[], confidence: number): void {
  const refuse = (argument: string, expected: string, found: unknown): never => {
    throw new InvalidArgumentError({ argument, expected, found })
  }
  if (!(confidence > 0 && confidence < 1)) refuse('confidence', 'above 0 and below 1', confidence)
  if (choices.length === 0) refuse('choices', 'at least one', 'none')
  for (const [index, { weight, probabilities, standardErrors, draws }] of components.entries()) {
    const name = `components[${index}]`
    if (!(weight >= 0 && Number.isFinite(weight))) refuse(`${name}.weight`, 'a finite number ≥ 0', weight)
    if (probabilities.length !== choices.length) {
      refuse(
        `${name}.probabilities`,
        `one for each of the ${choices.length} choices`,
        `${probabilities.length} numbers`,
      )
    }
    const sum = Array.from(probabilities).reduce(
      (total, value) => total + (value >= 0 ? value : Number.NaN),
      0,
    )
    if (!(Math.abs(sum - 1) <= 1e-6))
      refuse(`${name}.probabilities`, 'numbers ≥ 0 that sum to 1', Array.from(probabilities))
    if (standardErrors !== undefined && standardErrors.length !== choices.length) {
      refuse(
        `${name}.standardErrors`,
        `one for each of the ${choices.length} choices`,
        `${standardErrors.length} numbers`,
      )
    }
    if (draws !== undefined && !(draws >= 1)) refuse(`${name}.draws`, 'at least 1', draws)
  }
  if (!components.some(({ weight }) => weight > 0))
    refuse('components', 'some of positive weight', `${components.length} without`)
}
