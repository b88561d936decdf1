import type { PopulationRecord } from '@mop/core'
import type { ArmRow } from '../evaluate/arm-row.ts'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { escapeHtml } from './escape-html.ts'
import { figureSection, type PartName } from './figure-section.ts'
import { pageStyle } from './page-style.ts'

export interface ReportHtmlOptions {
  /** The answers of the arms, to show some side by side. */
  readonly rows: readonly ArmRow[]
  /** The records of the evaluation, to show real answers beside them. */
  readonly records: readonly PopulationRecord[]
  /** Inputs shown. Default 12. */
  readonly samples?: number
}

const longestShown = 400

/** A report as one page that loads nothing, opens offline, and reads in light, dark and print. */
export function reportHtml(report: EvaluationReport, options: ReportHtmlOptions): string {
  const parts: readonly [PartName, string][] = [
    ['texts', 'Free answers'],
    ['choices', 'Closed answers'],
  ]
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Evaluation of a mixture of personas</title><style>${pageStyle}</style></head><body>`,
    '<h1>Evaluation of a mixture of personas</h1>',
    `<p class="soft">${report.n} answers of each arm with ${escapeHtml(report.model)}, beside ${report.records.used} held-out records of ${report.records.respondents} respondents.</p>`,
    '<p>A bar is the interval, its mark the value, the line across it what one half of the real answers scores against the other, which is about what a perfect simulation would. Bold is the best value; where intervals overlap it may be so by chance.</p>',
    ...parts.flatMap(([part, title]) => partSection(part, title, report)),
    samplesSection(report, options),
    runSection(report),
    '</body></html>',
    '',
  ].join('\n')
}

function partSection(part: PartName, title: string, report: EvaluationReport): string[] {
  const measured = report.arms.filter((arm) => arm[part] !== undefined)
  if (measured.length === 0) return []
  const metrics = new Set(measured.flatMap((arm) => arm[part]?.figures.map(({ metric }) => metric) ?? []))
  const remarks = measured.flatMap(({ name, ...arm }) => {
    const { notes = [], unmatched, simulated = 0 } = arm[part] ?? {}
    const left = unmatched?.simulated ?? 0
    return [
      ...notes,
      ...(left > 0 ? [`${left} of ${simulated} answers are none of the choices and were left out.`] : []),
    ].map((text) => `<li>${escapeHtml(`${name}: ${text}`)}</li>`)
  })
  return [
    `<h2>${title}</h2>`,
    ...(remarks.length === 0 ? [] : [`<ul>${remarks.join('')}</ul>`]),
    ...[...metrics].map((metric) => figureSection(metric, part, measured)),
  ]
}

function samplesSection(
  { arms }: EvaluationReport,
  { rows, records, samples = 12 }: ReportHtmlOptions,
): string {
  const answers = Map.groupBy(
    rows.filter(({ kind }) => kind === 'answer'),
    ({ input }) => input,
  )
  const real = Map.groupBy(records, ({ input }) => input)
  const shown = [...real.keys()].filter((input) => answers.has(input)).slice(0, samples)
  const cell = (text: string | undefined): string =>
    `<td class="answer">${escapeHtml((text ?? '').slice(0, longestShown))}</td>`
  const body = shown.map((input) => {
    const of = answers.get(input) ?? []
    const cells = arms.map(({ name }) => cell(of.find(({ arm }) => arm === name)?.output))
    return `<tr><th scope="row">${escapeHtml(input)}</th>${cell(real.get(input)?.[0]?.output)}${cells.join('')}</tr>`
  })
  const titles = ['input', 'a real answer', ...arms.map(({ name }) => name)]
  return `<h2>Answers side by side</h2>\n<p class="soft">The first answer of each arm to the first inputs of the records; not chosen for what they say.</p>\n<div class="wide"><table><thead><tr>${titles.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

function runSection(report: EvaluationReport): string {
  const { arms, split, records } = report
  const fields: readonly (readonly [string, string | number])[] = [
    ['model', report.model],
    ['encoder of the mixture', report.encoder],
    ['encoder of the figures', report.judge],
    ['seed', report.seed],
    ['temperature', report.temperature],
    ['prompt template', report.template],
    ['groups', report.groups ?? 'none'],
    [
      'records',
      `${records.used}: ${records.free} free, ${records.closed} closed answers; ${records.inputsAsked} of ${records.inputs} inputs asked`,
    ],
    [
      'held out of',
      `${split.against.exemplars} exemplars, ${split.against.personaRecords} records of personas, ${split.against.training} training records; ${split.dropped} seen records left out`,
    ],
    ['SHA-256 of the record ids', split.digests.records],
    ['SHA-256 of the exemplar ids', split.digests.exemplars],
  ]
  const calls = arms.map(
    ({ name, uses, calls: { answers, steps, inputTokens, outputTokens }, cutOff }) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(uses)}</td><td class="number">${answers}</td><td class="number">${steps}</td><td class="number">${inputTokens}</td><td class="number">${outputTokens}</td><td class="number">${cutOff}</td></tr>`,
  )
  return [
    '<h2>How it was run</h2>',
    `<div class="wide"><table><tbody>${fields.map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td class="answer">${escapeHtml(String(value))}</td></tr>`).join('')}</tbody></table></div>`,
    `<div class="wide"><table><caption>Calls</caption><thead><tr><th scope="col">arm</th><th scope="col">its prompts hold</th><th scope="col" class="number">answers</th><th scope="col" class="number">more calls</th><th scope="col" class="number">tokens in</th><th scope="col" class="number">tokens out</th><th scope="col" class="number">cut off</th></tr></thead><tbody>${calls.join('')}</tbody></table></div>`,
    '<h2>What the figures do not show</h2>',
    `<ul>${[
      ...report.notes,
      'Embedding figures see what the encoder sees, and reward copies of real answers: read the near-copy rate beside them.',
      'Intervals say how far a figure would move with other respondents and draws, not with another model, fit or set of questions.',
    ]
      .map((note) => `<li>${escapeHtml(note)}</li>`)
      .join('')}</ul>`,
  ].join('\n')
}
