import {
  ablationFindings,
  ablationLosses,
  type ArmReport,
  type EvaluationReport,
  likelihoodGains,
  type ReportedFigure,
  type ReportedPart,
  type Standing,
  standings,
} from '@mop/eval'
import { countOf, formatNats } from '../output/format-number.ts'
import { renderTable } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'

type Kind = 'texts' | 'choices'

/** Shorter names, where the table says the rest. */
const titles: Readonly<Record<string, string>> = {
  'Wasserstein-1, normalised': 'Wasserstein-1',
}

/** The figures of a report, a block for each: the arms below one another with their intervals, and what real answers score. Fits 60 columns. */
export function evaluationTable(report: EvaluationReport, terminal: Terminal): string {
  const kinds: readonly [Kind, string][] = [
    ['texts', 'free answers'],
    ['choices', 'closed answers'],
  ]
  return kinds
    .flatMap(([kind, name]) => {
      const measured = report.arms.flatMap((arm) => (arm[kind] === undefined ? [] : [arm]))
      if (measured.length === 0) return []
      const first = measured.map((arm) => arm[kind]).find((part) => (part?.figures.length ?? 0) > 0)
      const heading = terminal.style('bold', `${name}: ${partSizes(measured[0]?.[kind])}`)
      if (first === undefined) return [`${heading}; no figures, for what is said below`]
      const blocks = first.figures.map(({ metric }) => figureBlock(metric, kind, measured, terminal))
      return [heading, ...blocks]
    })
    .join('\n\n')
}

function partSizes(part: ReportedPart | undefined): string {
  return `${part?.simulated ?? 0} simulated beside ${part?.real ?? 0} real`
}

function figureBlock(metric: string, kind: Kind, arms: readonly ArmReport[], terminal: Terminal): string {
  const figures = arms.map((arm) => figureOf(arm, kind, metric))
  const known = figures.find((figure) => figure !== undefined)
  const standing = standings(figures)
  const floor = known?.floor?.value
  return renderTable({
    columns: [
      { title: titles[metric] ?? metric, flexible: true },
      { title: known?.better ?? '', align: 'right' },
      { title: known?.interval === undefined ? '' : `${Math.round(100 * known.interval.confidence)}%` },
    ],
    rows: [
      ...arms.map(({ name }, index) => {
        const figure = figures[index]
        const style = (text: string): string =>
          standing[index] === 'best' ? terminal.style('green', text) : text
        return [
          style(name),
          figure === undefined ? '–' : style(number(figure.value)),
          intervalText(figure, standing[index]),
        ]
      }),
      ...(floor === undefined ? [] : [['real against real', number(floor), '']]),
    ],
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}

function figureOf(arm: ArmReport, kind: Kind, metric: string): ReportedFigure | undefined {
  return arm[kind]?.figures.find((figure) => figure.metric === metric)
}

/** With a mark where it is the best, or not clearly worse, that can be read without colours too. */
function intervalText(figure: ReportedFigure | undefined, standing: Standing | undefined): string {
  if (figure?.interval === undefined) return ''
  const text = `${number(figure.interval.lower)} – ${number(figure.interval.upper)}`
  return standing === 'best' ? `${text} best` : standing === 'open' ? `${text} ≈` : text
}

function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'none' : value < 0 ? '−∞' : '∞'
  return formatNats(value, { digits: Math.abs(value) >= 100 ? 1 : 3 })
}

/** What is clear and what is not: the mark of the table, and which part of the mixture is missed most where it was left out. */
export function ablationLines(report: EvaluationReport): readonly string[] {
  const figures = report.arms.flatMap((arm) => [
    ...(arm.texts?.figures ?? []),
    ...(arm.choices?.figures ?? []),
  ])
  return [
    ...(figures.some(({ interval }) => interval !== undefined)
      ? [
          'best: the best value, which may be so by chance; ≈: not clearly worse: the interval of their difference, resample by resample, holds 0.',
        ]
      : []),
    ...ablationFindings(ablationLosses(report)),
  ]
}

/** How much more likely held-out answers are than under the bare model, paired, and what the likelihoods cost. */
export function likelihoodLines(report: EvaluationReport): readonly string[] {
  const scores = report.arms.reduce((sum, { calls }) => sum + (calls.scores ?? 0), 0)
  return [
    ...likelihoodGains(report).map(({ arm, over, mean, interval, monteCarloError }) => {
      const range =
        interval === undefined
          ? ''
          : ` (${Math.round(100 * interval.confidence)}%: ${number(interval.lower)} – ${number(interval.upper)}; ${byPrompts(monteCarloError)})`
      return `A real answer is ${number(mean)} nats more likely under ${arm} than under ${over}${range}.`
    }),
    ...(scores > 0 ? [`The log-likelihoods took ${countOf(scores, 'score')} of real answers.`] : []),
  ]
}

function byPrompts(error: number): string {
  return Number.isNaN(error)
    ? 'by the prompts drawn not known, of one alone'
    : `± ${number(error)} by the prompts drawn`
}

/** How far figures move with a seed of their own. */
export function spreadLines({ arms }: EvaluationReport): readonly string[] {
  const spreads = Map.groupBy(
    arms.flatMap(({ name, texts }) =>
      (texts?.figures ?? []).flatMap(({ metric, spread }) =>
        spread === undefined ? [] : [{ name, metric, spread }],
      ),
    ),
    ({ metric }) => metric,
  )
  return [...spreads].map(([metric, ones]) => {
    const ranges = ones.map(
      ({ name, spread }) => `${name} ${number(spread.least)} – ${number(spread.greatest)}`,
    )
    return `${metric} over ${ones[0]?.spread.runs ?? 0} ${ones[0]?.spread.over ?? 'seeds'}: ${ranges.join(', ')}.`
  })
}

/** One figure of each kind for each group: the others stand in the report. Empty without groups. */
export function groupTable(report: EvaluationReport, terminal: Terminal): string {
  const kinds: readonly [Kind, string][] = [
    ['texts', 'energy distance'],
    ['choices', 'total variation'],
  ]
  return kinds
    .flatMap(([kind, metric]) => {
      const rows = report.arms.flatMap((arm) =>
        Object.entries(figureOf(arm, kind, metric)?.groups ?? {}).map(([group, { value, floor }]) => [
          arm.name,
          group,
          number(value),
          floor === undefined ? '' : number(floor.value),
        ]),
      )
      if (rows.length === 0) return []
      const columns = [
        { title: metric, flexible: true },
        { title: report.groups ?? '', flexible: true },
        { title: 'value', align: 'right' as const },
        { title: 'real', align: 'right' as const },
      ]
      const styleTitle = (title: string): string => terminal.style('dim', title)
      return [renderTable({ columns, rows, width: terminal.width, styleTitle })]
    })
    .join('\n\n')
}

/** Each warning of the figures once, with the figures that it is about. What is said of floors stands in the report. */
export function warningLines({ arms }: EvaluationReport): readonly string[] {
  const about = new Map<string, Set<string>>()
  for (const { texts, choices } of arms) {
    for (const { metric, warnings } of [...(texts?.figures ?? []), ...(choices?.figures ?? [])]) {
      for (const warning of warnings) about.set(warning, (about.get(warning) ?? new Set()).add(metric))
    }
  }
  return [...about].flatMap(([warning, metrics]) => {
    if (warning.startsWith('Floor: ')) return []
    const named = [...metrics].every((metric) => warning.toLowerCase().startsWith(metric.toLowerCase()))
    return [
      named ? warning : `${[...metrics].map((metric) => titles[metric] ?? metric).join(', ')}: ${warning}`,
    ]
  })
}
