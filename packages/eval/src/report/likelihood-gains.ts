import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { badness } from '../result/badness.ts'
import { pairedDifference } from '../result/paired-difference.ts'

/** How much more likely held-out responses are under an arm than under another, in nats a response. */
export interface LikelihoodGain {
  readonly arm: string
  /** The arm that it is compared with. */
  readonly over: string
  /** The difference of the two means over the same responses. */
  readonly mean: number
  /** Of the difference, over respondents; absent without resamples. */
  readonly interval?: { readonly lower: number; readonly upper: number; readonly confidence: number }
  /** Standard error of the mean from the prompts drawn for both arms, as if these were independent; NaN where an answer has one prompt alone. The interval has it too. */
  readonly monteCarloError: number
}

/**
 * The gain of every arm over the bare model or, without it, over the first arm. Paired (see `pairedDifference`), so that the intervals are
 * much shorter than those of the likelihoods themselves, whose spread is that of the responses' lengths. Read from a report alone; empty
 * without likelihoods or another arm. Arms under which a response is impossible are left out.
 */
export function likelihoodGains({ arms }: EvaluationReport): readonly LikelihoodGain[] {
  const scored = arms.flatMap(({ name, texts, likelihoods }) => {
    const figure = texts?.figures.find(({ metric }) => metric === 'log-likelihood')
    return figure === undefined || likelihoods === undefined || badness(figure) === Infinity
      ? []
      : [{ name, figure, error: orNaN(likelihoods.monteCarloError) }]
  })
  const base = scored.find(({ name }) => name === 'bare') ?? scored[0]
  if (base === undefined) return []
  return scored
    .filter(({ name }) => name !== base.name)
    .map(({ name, figure, error }) => {
      const worse = pairedDifference(figure, base.figure)
      return {
        arm: name,
        over: base.name,
        mean: badness(base.figure) - badness(figure),
        ...(worse !== undefined && {
          interval: { lower: -worse.upper, upper: -worse.lower, confidence: worse.confidence },
        }),
        monteCarloError: Math.hypot(error, base.error),
      }
    })
}

/** What JSON made null of is NaN again. */
function orNaN(value: number | null): number {
  return value ?? Number.NaN
}
