import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import type { MetricResult } from '../result/metric-result.ts'
import { standings } from './best-figure.ts'
import { escapeHtml } from './escape-html.ts'
import { type FigureColumn, figureColumns, parts, shortName } from './main-figures.ts'
import { numberText } from './number-text.ts'

/** Of the figures that are given for groups, the one that stands for its part. */
const ofGroups: readonly string[] = ['energy distance', 'total variation']

/** Of fewer respondents or answers on a side, intervals are too short to rank arms by. */
const fewestRanked = 10

/** How close each arm comes to each group, beside what the group's own halves score. Empty without groups. */
export function groupsSection(report: EvaluationReport): string {
  const { arms } = report
  const tables = parts.flatMap(([part, title]) => {
    const grouped = figureColumns(part, arms).filter(({ figures }) =>
      figures.some((figure) => Object.keys(figure?.groups ?? {}).length > 0),
    )
    const column = grouped.find(({ metric }) => ofGroups.includes(metric)) ?? grouped[0]
    return column === undefined
      ? []
      : [
          groupTable(
            column,
            title,
            arms.map(({ name }) => name),
          ),
        ]
  })
  if (tables.length === 0) return ''
  return [
    '<section><h2>Group by group</h2>',
    `<p>The same distance for the members of each ${escapeHtml((report.groups ?? 'group').replaceAll(', ', ' and of each '))} alone: a simulation that is right on the whole may be wrong in every group. The last column is one half of the group's real answers against the other. ≈: not clearly worse than the best, by overlapping intervals; groups with fewer than ${fewestRanked} on either side are not ranked. The other figures of each group stand further down.</p>`,
    ...tables,
    '</section>',
  ].join('\n')
}

function groupTable(
  { metric, known, figures }: FigureColumn,
  title: string,
  names: readonly string[],
): string {
  const groups = [...new Set(figures.flatMap((figure) => Object.keys(figure?.groups ?? {})))].toSorted()
  const worst = Math.max(
    ...groups
      .flatMap((group) => figures.map((figure) => barOf(figure?.groups?.[group])))
      .filter(Number.isFinite),
  )
  const rows = groups.map((group) => {
    const own = figures.map((figure) => figure?.groups?.[group])
    const standing = standings(own.some(tooFew) ? [] : own)
    const cells = own.map((figure, index) => {
      if (figure === undefined) return '<td class="number">–</td>'
      const mark =
        standing[index] === 'open'
          ? '<span aria-hidden="true">≈ </span><span class="hidden">not clearly worse than the best: </span>'
          : ''
      const width = worst > 0 ? Math.round((1000 * barOf(figure)) / worst) / 10 : 0
      const bar = Number.isFinite(width)
        ? `<svg class="under" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="value" width="${width}" height="4"/></svg>`
        : ''
      return `<td class="number ${standing[index] ?? ''}">${mark}${numberText(figure.value)}${bar}</td>`
    })
    const some = own.find((figure) => figure !== undefined)
    const floor = some?.floor === undefined ? '–' : numberText(some.floor.value)
    return `<tr><th scope="row">${escapeHtml(group)}<small>${some?.sizes.real ?? 0} real, ${some?.units.simulated ?? 0} simulated${some !== undefined && tooFew(some) ? '; too few to rank' : ''}</small></th>${cells.join('')}<td class="number start">${floor}</td></tr>`
  })
  const heads = names.map((name) => `<th scope="col" class="number">${escapeHtml(name)}</th>`)
  return `<div class="wide" tabindex="0" role="region" aria-label="${escapeHtml(`${shortName(metric)} of each group`)}"><table class="groups"><caption>${escapeHtml(`${title}: ${shortName(metric)}, better ${known.better}`)}</caption><thead><tr><th scope="col">group</th>${heads.join('')}<th scope="col" class="number start">real</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
}

function tooFew(figure: MetricResult | undefined): boolean {
  return figure !== undefined && Math.min(figure.units.real, figure.units.simulated) < fewestRanked
}

/** What the bar shows: an unbiased distance below 0 is none. */
function barOf(figure: MetricResult | undefined): number {
  if (figure === undefined) return 0
  return figure.better === 'lower' ? Math.max(0, figure.value) : Math.abs(figure.value)
}
