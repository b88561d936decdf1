import { logLikelihood } from '../likelihood/log-likelihood.ts'
import { logLikelihoodMetric } from '../likelihood/log-likelihood-metric.ts'
import type { ScoredResponses } from '../likelihood/scored-responses.ts'
import type { ArmRow } from './arm-row.ts'
import type { ReportedFigure, ReportedLikelihoods } from './evaluation-report.ts'
import { measureFigure, type MeasurePartOptions } from './measure-part.ts'
import type { HeldOutRecord } from './plan-held-out.ts'

export interface MeasuredHeldOut {
  readonly figures: readonly ReportedFigure[]
  readonly likelihoods: ReportedLikelihoods
}

/** Log-likelihoods of held-out free responses under an arm: a response, and a token of one. @param rows of each record, at least one. */
export function measureHeldOut(
  records: readonly HeldOutRecord[],
  rows: readonly (readonly ArmRow[])[],
  options: Omit<MeasurePartOptions, 'respondents' | 'simulatedUnits' | 'groups'>,
): MeasuredHeldOut {
  const scored: ScoredResponses = {
    logLikelihoods: rows.map((of) =>
      Float64Array.from(of, ({ logLikelihood: value }) => value ?? Number.NEGATIVE_INFINITY),
    ),
    tokens: rows.map((of) => of[0]?.tokens ?? 0),
    weights: records.map(({ real }) => real.weight),
    cells: records.map(({ cell }) => cell),
  }
  const respondents = records.map(({ real }) => real.respondent)
  // Too few for groups.
  const part = { ...options, respondents, simulatedUnits: respondents, groups: undefined }
  const { ofEach, monteCarloError, monteCarloBias } = logLikelihood(scored)
  return {
    figures: (['response', 'token'] as const).map((per) =>
      measureFigure(logLikelihoodMetric({ per }), scored, scored, part),
    ),
    likelihoods: { ofEach: Array.from(ofEach), monteCarloError, monteCarloBias },
  }
}
