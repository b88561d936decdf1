import { createRandom } from '@mop/core'
import { measure } from '../result/measure.ts'
import { measureByGroup, type SampleGroups } from '../result/measure-by-group.ts'
import type { Metric } from '../result/metric.ts'
import type { ReportedFigure } from './evaluation-report.ts'
import { noGroup } from './real-records.ts'

export interface MeasurePartOptions {
  readonly seed: number | string
  readonly resamples?: number | undefined
  readonly confidence?: number | undefined
  /** Respondents of the real answers. */
  readonly respondents: readonly string[]
  /** Absent for figures of the whole alone. */
  readonly groups?: SampleGroups | undefined
}

/** One figure. Its stream is named after the metric alone, so that all arms have the same floor and none changes another's interval. */
export function measureFigure<Sample>(
  metric: Metric<Sample>,
  real: Sample,
  simulated: Sample,
  { seed, resamples, confidence, respondents, groups }: MeasurePartOptions,
): ReportedFigure {
  const options = {
    random: createRandom(seed).fork(`metric ${metric.name}`),
    units: { real: respondents },
    ...(resamples !== undefined && { resamples }),
    ...(confidence !== undefined && { confidence }),
  }
  if (groups === undefined) return measure(metric, real, simulated, options)
  const grouped = measureByGroup(metric, real, simulated, groups, options)
  return { ...grouped.overall, groups: Object.fromEntries(grouped.groups) }
}

/** The labels of either side, such that only groups of which something can be said are on both. */
export function groupLabels(
  real: readonly { readonly group?: string }[],
  simulated: readonly { readonly group?: string }[],
  comparable: (group: string) => boolean,
): SampleGroups {
  const labels = (side: readonly { readonly group?: string }[], other: string): string[] =>
    side.map(({ group = noGroup }) => (group !== noGroup && comparable(group) ? group : other))
  return {
    real: labels(real, `${noGroup}, real`),
    simulated: labels(simulated, `${noGroup}, simulated`),
  }
}
