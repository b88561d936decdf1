import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { type Standing, standings } from './best-figure.ts'
import { escapeHtml } from './escape-html.ts'
import { type FigureColumn, mainColumns, parts, shortName } from './main-figures.ts'
import { numberText } from './number-text.ts'

/** All arms beside all main figures, with intervals and what real answers score against one another. */
export function mainTable(report: EvaluationReport): string {
  const { arms } = report
  const blocks = parts
    .map(([part, title]) => ({ title, columns: mainColumns(part, arms) }))
    .filter(({ columns }) => columns.length > 0)
  const columns = blocks.flatMap((block) => block.columns)
  if (columns.length === 0) return '<p>No figure could be measured; the notes below say why.</p>'
  const firsts = new Set(blocks.map((block) => block.columns[0]))
  const startOf = (column: FigureColumn): string => (firsts.has(column) ? ' start' : '')
  const kinds = blocks.map(
    (block) =>
      `<th scope="colgroup" class="start" colspan="${block.columns.length}">${escapeHtml(block.title)}</th>`,
  )
  const heads = columns.map(
    (column) =>
      `<th scope="col" class="number${startOf(column)}">${escapeHtml(shortName(column.metric))}<small>${escapeHtml(column.known.better)}</small></th>`,
  )
  const standing = columns.map(({ figures }) => standings(figures))
  const rows = arms.map(({ name }, row) => {
    const cells = columns.map((column, index) => cellOf(column, row, standing[index]?.[row], startOf(column)))
    return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.join('')}</tr>`
  })
  const floors = columns.map(
    (column) =>
      `<td class="number${startOf(column)}">${column.known.floor === undefined ? '–' : numberText(column.known.floor.value)}</td>`,
  )
  return [
    `<div class="wide" tabindex="0" role="region" aria-label="The table of all arms"><table class="main"><thead><tr><td></td>${kinds.join('')}</tr><tr><th scope="col">arm</th>${heads.join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody>`,
    `<tbody class="floors"><tr><th scope="row">real against real</th>${floors.join('')}</tr></tbody></table></div>`,
    `<p class="soft">${legend(columns)}</p>`,
  ].join('\n')
}

function cellOf(column: FigureColumn, row: number, standing: Standing | undefined, start: string): string {
  const figure = column.figures[row]
  if (figure === undefined) return `<td class="number${start}">–</td>`
  const { value, interval } = figure
  const mark =
    standing === 'open'
      ? '<span aria-hidden="true">≈ </span><span class="hidden">not clearly worse than the best: </span>'
      : ''
  const band =
    interval === undefined
      ? ''
      : `<small>${numberText(interval.lower)} – ${numberText(interval.upper)}</small>`
  return `<td class="number ${standing ?? ''}${start}">${mark}${numberText(value)}${band}</td>`
}

function legend(columns: readonly FigureColumn[]): string {
  const confidence = columns.find(({ known }) => known.interval !== undefined)?.known.interval?.confidence
  return [
    '<strong class="best">Bold</strong>: the best value of its column.',
    confidence === undefined
      ? '≈: not clearly worse, for there are no intervals.'
      : `Below each value its ${Math.round(100 * confidence)}% interval; ≈: not clearly worse than the best, for the interval of their difference, resample by resample, holds 0.`,
    ...columns.flatMap(spreadSentence),
    'Real against real: one half of the real answers against the other, or what they score themselves; about what a perfect simulation would reach, and a little worse, for halves are smaller.',
    ...(columns.some(({ metric }) => metric === 'near-copy rate')
      ? ['Of the near-copy rate it is lower instead: a half has fewer texts that it can repeat.']
      : []),
    ...cautionsSentence(columns),
    ...(columns.some(({ known }) => known.floor === undefined && known.metric !== 'log-likelihood')
      ? [
          '–: the real answers are too few, or too few to a question, to be halved; “Figure by figure” says which.',
        ]
      : []),
  ].join(' ')
}

/** Which columns to be careful with: the reasons stand further down, and are easily missed there. */
function cautionsSentence(columns: readonly FigureColumn[]): readonly string[] {
  const names = columns
    .filter(({ figures }) =>
      figures.some((figure) => figure?.warnings.some((text) => !text.startsWith('Floor: ')) === true),
    )
    .map(({ metric }) => shortName(metric))
  if (names.length === 0) return []
  return [
    `“Figure by figure” says what to be careful about with ${escapeHtml(new Intl.ListFormat('en').format(names))}.`,
  ]
}

/** How far a figure with a random part of its own moves beyond its intervals. */
function spreadSentence({ metric, figures }: FigureColumn): readonly string[] {
  const spreads = figures.flatMap((figure) => figure?.spread ?? [])
  const [first] = spreads
  if (first === undefined) return []
  const widest = Math.max(...spreads.map(({ least, greatest }) => greatest - least))
  return [
    `${escapeHtml(metric)} also moves with its ${escapeHtml(first.over)}, which the interval leaves out: over ${first.runs} by up to ${numberText(widest)}.`,
  ]
}
