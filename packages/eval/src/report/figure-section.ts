import type { ArmReport, ReportedFigure } from '../evaluate/evaluation-report.ts'
import type { MetricResult } from '../result/metric-result.ts'
import { bestFigure } from './best-figure.ts'
import { escapeHtml } from './escape-html.ts'
import type { PartName } from './main-figures.ts'
import { countText, numberText } from './number-text.ts'

interface NamedFigure {
  readonly name: string
  readonly figure: MetricResult
}

/** A table of one figure for every arm, with its interval drawn on a common scale and the floor as a line; then each group. */
export function figureSection(metric: string, part: PartName, arms: readonly ArmReport[]): string {
  const found = arms.flatMap(({ name, ...arm }) => {
    const figure = arm[part]?.figures.find((one) => one.metric === metric)
    return figure === undefined ? [] : [{ name, figure }]
  })
  const [first] = found
  if (first === undefined) return ''
  const names = new Set(found.flatMap(({ figure }) => Object.keys(figure.groups ?? {})))
  const groups = [...names].map((group) => {
    const members = found.flatMap(({ name, figure }) => groupFigure(name, figure, group))
    return figureTable(`${group}: ${sizes(members)}`, members)
  })
  const warnings = [...new Set(found.flatMap(({ figure }) => figure.warnings))]
  return [
    `<details class="figure"><summary>${escapeHtml(metric)} <span class="soft">better: ${escapeHtml(first.figure.better)}${names.size > 0 ? `; ${countText(names.size, 'group')}` : ''}${warnings.length > 0 ? `; ${countText(warnings.length, 'caution')}` : ''}</span></summary>`,
    ...(warnings.length === 0
      ? []
      : [`<ul class="cautions">${warnings.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`]),
    figureTable(sizes(found), found),
    ...spreadLine(found),
    ...groups,
    '</details>',
  ].join('\n')
}

/** How far the figure moves with its own seed, where it has one. */
function spreadLine(found: readonly NamedFigure[]): readonly string[] {
  const known = found.flatMap(({ name, figure: { spread } }) =>
    spread === undefined ? [] : [{ name, spread }],
  )
  const [first] = known
  if (first === undefined) return []
  const ranges = known.map(
    ({ name, spread: { least, greatest, standardDeviation } }) =>
      `${name} ${numberText(least)} to ${numberText(greatest)} (standard deviation ${numberText(standardDeviation)})`,
  )
  return [
    `<p class="soft">Beyond the intervals, with ${first.spread.runs} different ${escapeHtml(first.spread.over)} alone: ${escapeHtml(ranges.join(', '))}. The value is the first one's.</p>`,
  ]
}

function groupFigure(name: string, { groups }: ReportedFigure, group: string): NamedFigure[] {
  const figure = groups?.[group]
  return figure === undefined ? [] : [{ name, figure }]
}

function sizes(found: readonly NamedFigure[]): string {
  const figure = found[0]?.figure
  return figure === undefined ? '' : `${figure.units.simulated} simulated, ${figure.sizes.real} real`
}

function figureTable(caption: string, found: readonly NamedFigure[]): string {
  const floor = found[0]?.figure.floor
  const best = bestFigure(found.map(({ figure }) => figure))
  const ends = found.flatMap(({ figure: { value, interval } }) => [
    value,
    interval?.lower ?? value,
    interval?.upper ?? value,
  ])
  const finite = [...ends, floor?.value ?? Number.NaN].filter((value) => Number.isFinite(value))
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const at = (value: number): number =>
    high > low ? Math.round((1000 * (value - low)) / (high - low)) / 10 : 50
  const line =
    floor === undefined || !Number.isFinite(floor.value)
      ? ''
      : `<line class="floor" x1="${at(floor.value)}" x2="${at(floor.value)}" y1="0" y2="12"/>`
  const rows = found.map(({ name, figure: { value, interval } }, index) => {
    const band =
      interval === undefined
        ? ''
        : `<rect class="band" x="${at(interval.lower)}" width="${Math.max(0.5, at(interval.upper) - at(interval.lower))}" y="3" height="6"/>`
    const drawn = Number.isFinite(value)
      ? `${band}${line}<rect class="value" x="${at(value) - 0.75}" width="1.5" y="1" height="10"/>`
      : ''
    const text = interval === undefined ? '' : `${numberText(interval.lower)} – ${numberText(interval.upper)}`
    return `<tr><th scope="row">${escapeHtml(name)}</th><td class="number${index === best ? ' best' : ''}">${numberText(value)}</td><td>${text}</td><td class="bar"><svg viewBox="-1 0 102 12" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg></td></tr>`
  })
  if (floor !== undefined) {
    rows.push(
      `<tr class="floors"><th scope="row">real against real</th><td class="number">${numberText(floor.value)}</td><td></td><td></td></tr>`,
    )
  }
  const confidence = found[0]?.figure.interval?.confidence
  const title = confidence === undefined ? '' : `${Math.round(100 * confidence)}% interval`
  return `<div class="wide"><table><caption>${escapeHtml(caption)}</caption><thead><tr><th scope="col">arm</th><th scope="col" class="number">value</th><th scope="col">${title}</th><th scope="col"><span class="hidden">drawn</span></th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
