import { createRandom } from '@mop/core'
import { measure } from '../result/measure.ts'
import { measureGroups, type SampleGroups } from '../result/measure-by-group.ts'
import type { Metric } from '../result/metric.ts'
import type { ReportedFigure } from './evaluation-report.ts'
import { noGroup } from './real-records.ts'

export interface MeasurePartOptions {
  readonly seed: number | string
  readonly resamples?: number | undefined
  readonly confidence?: number | undefined
  /** Respondents of the real answers. */
  readonly respondents: readonly string[]
  /** What of the simulated sample belongs together. Default each item alone. */
  readonly simulatedUnits?: readonly string[] | undefined
  /** Labels by each attribute. None for figures of the whole alone. */
  readonly groups?: readonly SampleGroups[] | undefined
}

/** One figure. Its stream is named after the metric alone, so that all arms have the same floor and none changes another's interval. */
export function measureFigure<Sample>(
  metric: Metric<Sample>,
  real: Sample,
  simulated: Sample,
  { seed, resamples, confidence, respondents, simulatedUnits, groups = [] }: MeasurePartOptions,
): ReportedFigure {
  const options = {
    random: createRandom(seed).fork(`metric ${metric.name}`),
    units: { real: respondents, ...(simulatedUnits !== undefined && { simulated: simulatedUnits }) },
    ...(resamples !== undefined && { resamples }),
    ...(confidence !== undefined && { confidence }),
  }
  const overall = measure(metric, real, simulated, { ...options, keepResamples: true })
  if (groups.length === 0) return overall
  const grouped = groups.flatMap((labels) => [
    ...measureGroups(metric, real, simulated, labels, options).groups,
  ])
  return { ...overall, groups: Object.fromEntries(grouped) }
}

interface Grouped {
  readonly groups?: readonly string[]
}

/** The labels of either side by each attribute, such that only groups of which something can be said are on both. */
export function groupLabels(
  attributes: number,
  real: readonly Grouped[],
  simulated: readonly Grouped[],
  comparable: (group: string) => boolean,
): readonly SampleGroups[] {
  return Array.from({ length: attributes }, (_, attribute) => {
    const labels = (side: readonly Grouped[], other: string): string[] =>
      side.map(({ groups }) => {
        const group = groups?.[attribute] ?? noGroup
        return group !== noGroup && comparable(group) ? group : other
      })
    return {
      real: labels(real, `${noGroup}, real`),
      simulated: labels(simulated, `${noGroup}, simulated`),
    }
  })
}
