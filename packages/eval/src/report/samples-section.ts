import { createRandom, type PopulationRecord, shuffle } from '@mop/core'
import type { ArmRow } from '../evaluate/arm-row.ts'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { escapeHtml } from './escape-html.ts'
import { countText } from './number-text.ts'

export interface SamplesOptions {
  readonly rows: readonly ArmRow[]
  readonly records: readonly PopulationRecord[]
  /** Inputs shown; 0 for none. */
  readonly samples: number
}

const longestShown = 400

/** Answers of all arms to the same inputs, beside a real one: inputs of open questions, if there are any, drawn by the seed. */
export function samplesSection({ arms, seed }: EvaluationReport, options: SamplesOptions): string {
  const { rows, records, samples } = options
  if (samples === 0) return ''
  const answers = Map.groupBy(
    rows.filter(({ kind }) => kind === 'answer'),
    ({ input }) => input,
  )
  const open = records.filter(({ choices }) => choices === undefined)
  const real = Map.groupBy(open.length > 0 ? open : records, ({ input }) => input)
  const asked = [...real.keys()].filter((input) => answers.has(input))
  const shown = shuffle(createRandom(seed).fork('samples'), asked).slice(0, samples)
  const body = shown.map((input) => {
    const of = answers.get(input) ?? []
    const said = [
      ['a real answer', real.get(input)?.[0]?.output],
      ...arms.map(({ name }) => [name, of.find(({ arm }) => arm === name)?.output]),
    ] as const
    const items = said.map(
      ([name = '', text], index) =>
        `<div${index === 0 ? ' class="real"' : ''}><dt>${escapeHtml(name)}</dt><dd>${textOf(text)}</dd></div>`,
    )
    return `<h3>${escapeHtml(input)}</h3><dl class="answers">${items.join('')}</dl>`
  })
  return [
    '<section><h2>Answers side by side</h2>',
    `<p class="soft">${countText(shown.length, 'input')} of ${asked.length}, drawn by the seed and not chosen for what is said; the first real answer to each and the first of each arm. The real answers are responses of the records: do not pass this page on where these must not be.</p>`,
    ...body,
    '</section>',
  ].join('\n')
}

function textOf(text: string | undefined): string {
  if (text === undefined) return '<span class="soft">not asked</span>'
  if (text.trim() === '') return '<span class="soft">an empty answer</span>'
  return escapeHtml(text.length > longestShown ? `${text.slice(0, longestShown)} …` : text)
}
