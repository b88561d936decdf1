import type { Persona, PopulationRecord } from '@mop/core'
import type { ArmRow } from '../evaluate/arm-row.ts'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { ablationSection } from './ablation-section.ts'
import { answersSection } from './answers-section.ts'
import { calibrationSection } from './calibration-section.ts'
import { cosineSection } from './cosine-section.ts'
import { escapeHtml } from './escape-html.ts'
import { figureSection } from './figure-section.ts'
import { groupsSection } from './groups-section.ts'
import { likelihoodSection } from './likelihood-section.ts'
import { figureColumns, parts } from './main-figures.ts'
import { mainTable } from './main-table.ts'
import { mapSection } from './map-section.ts'
import { countText } from './number-text.ts'
import { partRemarks } from './part-remarks.ts'
import { pageStyle } from './page-style.ts'
import { runSection } from './run-section.ts'
import { samplesSection } from './samples-section.ts'
import { weightsSection } from './weights-section.ts'

export interface ReportHtmlOptions {
  /** The answers of the arms, to show some side by side. */
  readonly rows: readonly ArmRow[]
  /** The records of the evaluation, to show real answers beside them. */
  readonly records: readonly PopulationRecord[]
  /** Those of the mixture, to show what stands behind their ids. Default the ids alone. */
  readonly personas?: readonly Pick<Persona, 'id' | 'text'>[]
  /** Inputs shown. Default 4; with 0 the page holds no response of the records or the arms, and no text of a persona, which may quote some. */
  readonly samples?: number
}

/**
 * A report as one page that loads nothing, opens offline, and reads in light, dark and print. The same report, rows and records give the same
 * page. Responses stand in one section alone, and what personas say in another; `samples: 0` leaves both out. Questions and choices stay.
 */
export function reportHtml(report: EvaluationReport, options: ReportHtmlOptions): string {
  const { portrait } = report
  const samples = options.samples ?? 4
  const personas = samples === 0 ? [] : (options.personas ?? [])
  const texts = new Map(personas.map(({ id, text }) => [id, text]))
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Evaluation of a mixture of personas</title><style>${pageStyle}</style></head><body><main>`,
    '<h1>Evaluation of a mixture of personas</h1>',
    `<p class="lead">${lead(report)}</p>`,
    mainTable(report),
    remarks(report),
    ablationSection(report),
    groupsSection(report),
    likelihoodSection(report),
    portrait?.map === undefined ? '' : mapSection(portrait.map),
    portrait?.cosines === undefined ? '' : cosineSection(portrait.cosines),
    answersSection(portrait?.answers ?? [], report.closedAnswers),
    calibrationSection(portrait?.calibration ?? [], report.arms),
    portrait === undefined ? '' : weightsSection(portrait.weights, texts),
    samplesSection(report, { ...options, samples }),
    figuresSection(report),
    runSection(report),
    limitsSection(report, samples),
    '</main></body></html>',
    '',
  ]
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('\n')
}

function lead({ arms, n, model, records }: EvaluationReport): string {
  const kinds = [
    ...(records.free > 0 ? [`${records.free} free`] : []),
    ...(records.closed > 0 ? [`${records.closed} closed`] : []),
  ]
  const what = arms.length === 1 ? 'one way (arm)' : `${arms.length} ways (arms)`
  return escapeHtml(
    `Compared are ${what} to have ${model} answer as a population would. Each gave ${n} answers, at the same temperatures, to what ${records.used} held-out records of ${countText(records.respondents, 'respondent')} had been asked; the table says how close these come to the real ones, ${kinds.join(' and ')}.`,
  )
}

/** Why figures are missing, and what was left out of them. */
function remarks(report: EvaluationReport): string {
  return partRemarks(report)
    .map((line) => `<p class="soft">${escapeHtml(line)}</p>`)
    .join('\n')
}

function figuresSection({ arms }: EvaluationReport): string {
  const sections = parts.flatMap(([part, title]) => {
    const columns = figureColumns(part, arms)
    if (columns.length === 0) return []
    return [`<h3>${title}</h3>`, ...columns.map(({ metric }) => figureSection(metric, part, arms))]
  })
  if (sections.length === 0) return ''
  return [
    '<section><h2>Figure by figure</h2>',
    '<p>Each opens to all arms, each group, and what to be careful about. A band is the interval, its mark the value, the line across it real against real. Bold is the best value; it may be so by chance: ≈ in the table at the top marks what is not clearly worse.</p>',
    ...sections,
    '</section>',
  ].join('\n')
}

function limitsSection({ notes }: EvaluationReport, samples: number): string {
  const items = [
    ...notes,
    'Embedding figures see what the encoder sees, and reward copies of real answers: read the near-copy rate beside them.',
    'Intervals say how far a figure would move with other respondents and draws, not with another model, fit or set of questions.',
    'Many figures of many arms are compared: by chance alone some arm comes first in some column.',
    samples === 0
      ? 'The page holds no responses and no text of a persona; it holds questions and choices.'
      : 'The page holds responses of the records, side by side with answers of the arms, and what personas say, which may quote others; it can be made without both.',
  ]
  return `<section><h2>What the figures do not show</h2>\n<ul>${items.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></section>`
}
