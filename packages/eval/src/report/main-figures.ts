import type { ArmReport, ReportedFigure } from '../evaluate/evaluation-report.ts'

export type PartName = 'texts' | 'choices'

/** The two kinds of answers, with the name that the page gives them. */
export const parts: readonly (readonly [PartName, string])[] = [
  ['texts', 'Free answers'],
  ['choices', 'Closed answers'],
]

/** In the order of the columns. The others stand among the figures one by one. */
const main: Readonly<Record<PartName, readonly string[]>> = {
  texts: [
    'FID',
    'MAUVE',
    'KL cosine',
    'energy distance',
    'downstream F1',
    'log-likelihood',
    'self-BLEU-4',
    'near-copy rate',
  ],
  choices: ['total variation', 'Jensen–Shannon', 'Wasserstein-1, normalised', 'representativeness'],
}

export interface FigureColumn {
  readonly part: PartName
  readonly metric: string
  /** One for each arm, in their order. */
  readonly figures: readonly (ReportedFigure | undefined)[]
  /** One that there is. */
  readonly known: ReportedFigure
}

/** Every metric that some arm has a figure of, in the order of the report. */
export function figureColumns(part: PartName, arms: readonly ArmReport[]): readonly FigureColumn[] {
  const metrics = new Set(arms.flatMap((arm) => arm[part]?.figures.map(({ metric }) => metric) ?? []))
  return [...metrics].flatMap((metric) => {
    const figures = arms.map((arm) => arm[part]?.figures.find((figure) => figure.metric === metric))
    const known = figures.find((figure) => figure !== undefined)
    return known === undefined ? [] : [{ part, metric, figures, known }]
  })
}

/** The columns of the table at the top: the main metrics of a part or, of a part that has none of them, all there are. */
export function mainColumns(part: PartName, arms: readonly ArmReport[]): readonly FigureColumn[] {
  const columns = figureColumns(part, arms)
  const found = main[part].flatMap((metric) => columns.filter((column) => column.metric === metric))
  return found.length > 0 ? found : columns
}

/** Shorter names, where the table says the rest; with hyphens at which lines break, or do not. */
export function shortName(metric: string): string {
  return metric
    .replace('Wasserstein-1, normalised', 'Wasserstein\u20111')
    .replace('self-BLEU-4', 'self-BLEU\u20114')
    .replace('representativeness', 'represen\u00adtativeness')
}
