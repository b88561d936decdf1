import { measure, type MeasureOptions } from './measure.ts'
import type { Metric } from './metric.ts'
import type { MetricResult } from './metric-result.ts'
import { type Units, unitsOf } from './units.ts'

/** The group of each item, such as the age of its respondent. */
export interface SampleGroups {
  readonly real: readonly string[]
  readonly simulated: readonly string[]
}

export interface GroupResults {
  /** By group, in the order in which the real sample first has them. */
  readonly groups: ReadonlyMap<string, MetricResult>
  /** Groups that only one of the samples has, of which nothing can be said. */
  readonly onlyReal: readonly string[]
  readonly onlySimulated: readonly string[]
}

export interface GroupedResult extends GroupResults {
  readonly overall: MetricResult
}

/**
 * `measure` overall and for each group that both samples have. A simulation that gets the whole right may still get every group wrong.
 * Groups have streams of their own: adding one changes no other's figures.
 *
 * @throws InvalidArgumentError where there is not one group per item; and as `measure`.
 */
export function measureByGroup<Sample>(
  metric: Metric<Sample>,
  real: Sample,
  simulated: Sample,
  groups: SampleGroups,
  options: MeasureOptions,
): GroupedResult {
  return {
    overall: measure(metric, real, simulated, options),
    ...measureGroups(metric, real, simulated, groups, options),
  }
}

/** `measureByGroup` without the whole. */
export function measureGroups<Sample>(
  metric: Metric<Sample>,
  real: Sample,
  simulated: Sample,
  groups: SampleGroups,
  options: MeasureOptions,
): GroupResults {
  const members = {
    real: membersOf('groups.real', metric.size(real), groups.real),
    simulated: membersOf('groups.simulated', metric.size(simulated), groups.simulated),
  }
  const { units = {}, random } = options
  const labelsAt = (labels: readonly (string | number)[] | undefined, items: readonly number[]) =>
    labels && items.map((item) => labels[item] as string | number)
  const results = new Map<string, MetricResult>()
  for (const [group, realItems] of members.real) {
    const simulatedItems = members.simulated.get(group)
    if (simulatedItems === undefined) continue
    const realLabels = labelsAt(units.real, realItems)
    const simulatedLabels = labelsAt(units.simulated, simulatedItems)
    results.set(
      group,
      measure(metric, metric.select(real, realItems), metric.select(simulated, simulatedItems), {
        ...options,
        random: random.fork(`group ${group}`),
        units: {
          ...(realLabels === undefined ? {} : { real: realLabels }),
          ...(simulatedLabels === undefined ? {} : { simulated: simulatedLabels }),
        },
      }),
    )
  }
  return {
    groups: results,
    onlyReal: [...members.real.keys()].filter((group) => !members.simulated.has(group)),
    onlySimulated: [...members.simulated.keys()].filter((group) => !members.real.has(group)),
  }
}

function membersOf(
  argument: string,
  size: number,
  groups: readonly string[],
): ReadonlyMap<string, Units[number]> {
  return new Map(
    unitsOf(argument, size, groups).map((items) => [groups[items[0] as number] as string, items]),
  )
}
