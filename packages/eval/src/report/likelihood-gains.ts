import { createRandom } from '@mop/core'
import { meanAndStandardError, quantile } from '@mop/core/numeric'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { resampledWeights, unitsOf } from '../result/units.ts'

/** How much more likely held-out responses are under an arm than under another, in nats. */
export interface LikelihoodGain {
  readonly arm: string
  /** The arm that it is compared with. */
  readonly over: string
  /** Mean of the paired differences: the responses are the same. Not finite where one is impossible. */
  readonly mean: number
  /** By the bootstrap over respondents; absent where nothing finite can be drawn. */
  readonly interval?: readonly [number, number]
  /** Standard error of the mean from the prompts drawn for both arms, which the interval leaves out. */
  readonly monteCarloError: number
}

const resamples = 1000

/**
 * The gain of every arm over the bare model or, without it, over the first arm, with 95% intervals. Paired, so that these are
 * much shorter than those of the likelihoods themselves, whose spread is that of the responses' lengths. Read from a report alone; empty
 * without likelihoods or another arm.
 */
export function likelihoodGains({ arms, heldOut, seed }: EvaluationReport): readonly LikelihoodGain[] {
  const scored = arms.flatMap(({ name, likelihoods }) =>
    // JSON has null for −∞.
    likelihoods === undefined
      ? []
      : [{ name, ...likelihoods, ofEach: likelihoods.ofEach.map((value) => value ?? -Infinity) }],
  )
  const base = scored.find(({ name }) => name === 'bare') ?? scored[0]
  if (heldOut === undefined || base === undefined) return []
  const { respondents, weights } = heldOut
  const units = unitsOf('respondents', respondents.length, respondents)
  return scored
    .filter(({ name }) => name !== base.name)
    .map(({ name, ofEach, monteCarloError }) => {
      const differences = ofEach.map((value, index) => value - (base.ofEach[index] as number))
      const { mean } = meanAndStandardError(differences, weights)
      // One stream for all arms: the same respondents are drawn.
      const random = createRandom(seed).fork('likelihood gains')
      const drawn = Array.from({ length: resamples }, (_, index) => {
        const times = resampledWeights(random.fork(`resample ${index}`), units, differences.length)
        return meanAndStandardError(
          differences,
          times.map((count, item) => count * (weights[item] as number)),
        ).mean
      }).filter((value) => Number.isFinite(value))
      return {
        arm: name,
        over: base.name,
        mean,
        monteCarloError: Math.hypot(monteCarloError, base.monteCarloError),
        ...(Number.isFinite(mean) &&
          units.length > 1 &&
          drawn.length > 0 && { interval: [quantile(drawn, 0.025), quantile(drawn, 0.975)] as const }),
      }
    })
}
