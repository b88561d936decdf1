import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { escapeHtml } from './escape-html.ts'

const closedText = {
  counted: 'generated and counted',
  weighed: 'weighed by the likelihood of each choice',
} as const

/** How the figures were made, what they cost, and that no test record had been seen. */
export function runSection(report: EvaluationReport): string {
  const { records, environment = {} } = report
  const versions = Object.entries(environment).map(([name, version]) => `${name} ${version}`)
  return [
    '<section><h2>How it was run</h2>',
    fieldsTable('Settings', [
      ['model', report.model],
      ['encoder of the mixture', report.encoder],
      ['encoder of the figures', report.judge],
      ['seed', report.seed],
      ['answers of each arm', report.n],
      ['temperature', report.temperature],
      ['prompt template', report.template],
      ['groups', report.groups ?? 'none'],
      ...(report.closedAnswers === undefined
        ? []
        : [['closed answers', closedText[report.closedAnswers]] as const]),
      [
        'records',
        `${records.used} of ${records.respondents} respondents: ${records.free} free, ${records.closed} closed answers; ${records.inputsAsked} of ${records.inputs} inputs asked`,
      ],
      ...(versions.length === 0 ? [] : [['versions', versions.join(', ')] as const]),
    ]),
    callsTable(report),
    splitTable(report),
    '</section>',
  ].join('\n')
}

function callsTable({ arms }: EvaluationReport): string {
  const row = (name: string, uses: string, numbers: readonly number[]): string =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(uses)}</td>${numbers.map((count) => `<td class="number">${count}</td>`).join('')}</tr>`
  const scored = arms.some(({ calls }) => calls.scores !== undefined)
  const costs = arms.map(({ calls: { answers, steps, scores = 0, inputTokens, outputTokens }, cutOff }) => [
    answers,
    steps,
    ...(scored ? [scores] : []),
    inputTokens,
    outputTokens,
    cutOff,
  ])
  const titles = [
    'answers',
    'more calls',
    ...(scored ? ['real answers scored'] : []),
    'tokens in',
    'tokens out',
    'cut off',
  ]
  const totals = titles.map((_, column) => costs.reduce((sum, cost) => sum + (cost[column] ?? 0), 0))
  const rows = arms.map(({ name, uses, ablates }, index) =>
    row(name, ablates === undefined ? uses : `${uses}; leaves out ${ablates}`, costs[index] ?? []),
  )
  const heads = titles.map((title) => `<th scope="col" class="number">${title}</th>`)
  return `<div class="wide"><table><caption>Cost in calls and tokens</caption><thead><tr><th scope="col">arm</th><th scope="col">its prompts hold</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody><tbody class="floors">${row('all', '', totals)}</tbody></table></div>`
}

function splitTable({ split, records }: EvaluationReport): string {
  const { against, mixtures = [], dropped, digests } = split
  const own = mixtures.map(
    ({ arm, exemplars, personaRecords, fitted }) =>
      `; of the arm ${arm}, one of ${exemplars} exemplars, ${personaRecords} records of personas and ${fitted} of which its mixture holds digests`,
  )
  return [
    `<h3>Nothing of the mixture has seen a record that was used</h3>`,
    `<p>None of the ${records.used} records has the id, the respondent or, where it is free, the text of one of ${against.exemplars} exemplars, ${against.personaRecords} records of personas, ${against.training} training records and ${against.fitted} records of which the mixture holds digests${escapeHtml(own.join(''))}. ${dropped} that had been seen were left out. Whoever holds the records can check which they were: a digest is the SHA-256 of their ids in alphabetical order, one a line, without a line break after the last.</p>`,
    fieldsTable('SHA-256 of the ids', [
      ['records', digests.records],
      ['exemplars', digests.exemplars],
      ...mixtures.map(({ arm, digest }) => [`exemplars of ${arm}`, digest] as const),
      ...(digests.training === undefined ? [] : [['training records', digests.training] as const]),
    ]),
  ].join('\n')
}

function fieldsTable(caption: string, fields: readonly (readonly [string, string | number])[]): string {
  const rows = fields.map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="answer">${escapeHtml(String(value))}</td></tr>`,
  )
  return `<div class="wide"><table><caption>${escapeHtml(caption)}</caption><tbody>${rows.join('')}</tbody></table></div>`
}
