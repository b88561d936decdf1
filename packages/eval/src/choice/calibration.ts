import { InvalidArgumentError } from '@mop/core'
import { normalisedPair } from '../numeric/normalised-pair.ts'
import type { AnsweredQuestion } from './brier-score.ts'

/** Choices that were simulated about equally often, and how often they are really given. */
export interface CalibrationBin {
  /** Mean simulated share. */
  readonly simulated: number
  /** Mean real share. */
  readonly real: number
  /** Share of all pairs of a real answer and a choice of its question that lie here. */
  readonly weight: number
}

export interface Calibration {
  /** Expected calibration error, in [0, 1], lower is better. */
  readonly error: number
  /** Those that hold any choice, in order of the simulated share: the points of a reliability diagram. */
  readonly bins: readonly CalibrationBin[]
}

/**
 * Whether a choice that is simulated with some share is really given with that share. Each choice of each question is a forecast of whether a real
 * answer is it, as many times as the question has real answers; forecasts are sorted into equal bins of [0, 1], the last closed, and
 *
 * error = Σ_b w_b |mean simulated share − mean real share| (Naeini et al. 2015; here over all choices, not the likeliest alone).
 *
 * Few real answers a question make it too large, as in any distance of shares: read it beside its floor. It does not see errors that cancel
 * within a bin: a simulation that gives every question the overall shares has about 0.
 *
 * @param bins at least 1. Default 10.
 * @throws InvalidArgumentError for lists of different lengths, weights that are negative or all zero, or `bins` out of range.
 */
export function calibration(questions: readonly AnsweredQuestion[], bins = 10): Calibration {
  if (!Number.isInteger(bins) || bins < 1)
    throw new InvalidArgumentError({ argument: 'bins', expected: 'an integer ≥ 1', found: bins })
  const sums = Array.from({ length: bins }, () => ({ simulated: 0, real: 0, weight: 0 }))
  let total = 0
  for (const [real, simulated] of questions) {
    const [shares, forecast] = normalisedPair(real, simulated)
    let answers = 0
    for (let choice = 0; choice < real.length; choice++) answers += real[choice] as number
    for (const [choice, p] of forecast.entries()) {
      const bin = sums[Math.min(bins - 1, Math.floor(p * bins))]
      if (bin === undefined) continue
      bin.simulated += answers * p
      bin.real += answers * (shares[choice] as number)
      bin.weight += answers
      total += answers
    }
  }
  const filled = sums.filter(({ weight }) => weight > 0)
  return {
    error: filled.reduce((sum, bin) => sum + Math.abs(bin.simulated - bin.real), 0) / total,
    bins: filled.map((bin) => ({
      simulated: bin.simulated / bin.weight,
      real: bin.real / bin.weight,
      weight: bin.weight / total,
    })),
  }
}
