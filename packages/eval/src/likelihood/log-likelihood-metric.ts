import { type Random, uniformInt } from '@mop/core'
import { meanAndStandardError } from '@mop/core/numeric'
import type { Metric } from '../result/metric.ts'
import { logMean } from './log-mean.ts'
import { checkScored, type ScoredResponses, selectScored } from './scored-responses.ts'

export interface LogLikelihoodMetricOptions {
  /** Nats of a whole response, or of each of its tokens. Default `response`. */
  readonly per?: 'response' | 'token'
}

/** Fewer prompts a response than this, and the logarithm of their mean is low by much. */
const fewPrompts = 8

/**
 * `logLikelihood` for `measure`, which takes the scored responses as both samples: `measure(metric, scored, scored, …)`. Resamples draw the
 * responses, and the prompts that several share: what prompts of their own add to the spread of the responses is in it already, what shared ones
 * have done to all of theirs is not. No floor: real responses have no likelihood under one another.
 */
export function logLikelihoodMetric({
  per = 'response',
}: LogLikelihoodMetricOptions = {}): Metric<ScoredResponses> {
  return {
    name: per === 'response' ? 'log-likelihood' : 'log-likelihood per token',
    better: 'higher',
    range: [-Infinity, 0],
    samples: 'one',
    floored: false,
    size: ({ logLikelihoods }) => logLikelihoods.length,
    select: selectScored,
    compare: (_real, scored, random) => {
      checkScored(scored)
      const { logLikelihoods } = scored
      const figure = (values: Float64Array, times?: Float64Array): number => {
        const weights = Float64Array.from(
          values,
          (_, index) => (scored.weights?.[index] ?? 1) * (times?.[index] ?? 1),
        )
        const { mean } = meanAndStandardError(values, weights)
        return per === 'response' ? mean : mean / meanAndStandardError(scored.tokens, weights).mean
      }
      return {
        value: figure(Float64Array.from(logLikelihoods, logMean)),
        reweigh: (weightings) =>
          weightings.map(({ simulated }, index) =>
            figure(withPromptsDrawn(scored, random.fork(`prompts ${index}`)), simulated),
          ),
      }
    },
    warnings: (_real, { logLikelihoods }) => {
      const prompts = logLikelihoods.reduce((sum, { length }) => sum + length, 0) / logLikelihoods.length
      const impossible = logLikelihoods.filter((values) => logMean(values) === -Infinity).length
      return [
        ...(prompts < fewPrompts
          ? [
              `Log-likelihood rests on ${prompts.toFixed(1)} prompts a response; of fewer than ${fewPrompts} that differ, the logarithm of their mean is low by much.`,
            ]
          : []),
        ...(impossible > 0
          ? [`${impossible} of ${logLikelihoods.length} responses are impossible under every prompt.`]
          : []),
      ]
    },
  }
}

/** log p̂ of each response, with the prompts that it shares with others drawn with replacement, for all of them alike. */
function withPromptsDrawn({ logLikelihoods, cells = [] }: ScoredResponses, random: Random): Float64Array {
  const sizes = new Map<string, number>()
  for (const cell of cells) sizes.set(cell, (sizes.get(cell) ?? 0) + 1)
  const places = new Map<string, readonly number[]>()
  return Float64Array.from(logLikelihoods, (values, index) => {
    const { [index]: cell } = cells
    if (cell === undefined || sizes.get(cell) === 1) return logMean(values)
    const { length } = values
    const drawn = places.get(cell) ?? Array.from({ length }, () => uniformInt(random, length))
    places.set(cell, drawn)
    return logMean(drawn.map((place) => values[place] as number))
  })
}
