import { portrayedArms } from '../evaluate/portrayed-arms.ts'
import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import type { AnswerSeries, AnswerShares } from '../evaluate/portrait.ts'
import { escapeHtml } from './escape-html.ts'
import { countText, percentText } from './number-text.ts'
import { marksLegend, mostSeries, seriesStyles, type SeriesStyle } from './series-style.ts'

type Styles = ReadonlyMap<string | undefined, SeriesStyle>

/** Of fewer real answers, shares say nothing: such questions stand in the table alone. */
const fewest = 8

/** How closed questions were answered: a row a choice, a mark for each of a few arms over a bar for the real answers; all arms in a table below. */
export function answersSection(
  answers: readonly AnswerShares[],
  closedAnswers?: EvaluationReport['closedAnswers'],
): string {
  if (answers.length === 0) return ''
  const arms = [...new Set(answers.flatMap(({ series }) => series.flatMap(({ arm }) => arm ?? [])))]
  const first = portrayedArms(arms)
  const drawn = [...first, ...arms.filter((arm) => !first.includes(arm))].slice(0, mostSeries)
  const styles = seriesStyles(drawn)
  const enough = answers.filter(({ series }) => (series[0]?.weight ?? 0) >= fewest)
  return [
    '<section><h2>How closed questions were answered</h2>',
    ...(enough.length === 0
      ? [
          `<p>No question has ${fewest} real answers, of which shares could be drawn: the one asked most has ${weightText(answers[0]?.series[0]?.weight ?? 0)}. Questions with the same choices can be counted as one.</p>`,
        ]
      : [
          `<p>Shares of each choice, of the ${countText(enough.length, 'question')} that real people answered most. The bar is the real share, a mark an arm's${closedAnswers === 'weighed' ? ', whose choices are weighed by their likelihood' : ''}.</p>`,
          marksLegend([...styles.values()].slice(1), true),
          `<div class="cards">${enough.map((one) => questionCard(one, styles)).join('\n')}</div>`,
        ]),
    `<details><summary>${countText(answers.length, 'question')} as a table, of all arms</summary>${answers.map((one) => questionTable(one)).join('\n')}</details></section>`,
  ].join('\n')
}

function titleOf({ input, choices }: AnswerShares): string {
  return escapeHtml(input ?? `All questions with the choices ${choices.join(', ')}`)
}

/** Each arm has a lane of its own, so that equal shares do not hide one another. */
const lane = 7

function questionCard(one: AnswerShares, styles: Styles): string {
  const [real, ...simulated] = one.series
  const drawn = simulated
    .filter(({ arm }) => styles.has(arm))
    .toSorted((a, b) => placeOf(a, styles) - placeOf(b, styles))
  const height = lane * Math.max(1, drawn.length) + 4
  const rows = one.choices.map((choice, place) => {
    const share = real?.shares[place] ?? 0
    const marks = drawn.map((series, index) => {
      const style = styles.get(series.arm)
      const path = style?.mark(200 * (series.shares[place] ?? 0), 2 + lane * (index + 0.5), 2.6) ?? ''
      return `<path class="marks ${style?.className ?? ''}" d="${path}"/>`
    })
    const spoken = [
      `real answers ${percentText(share)}`,
      ...drawn.map(({ arm, shares }) => `${arm ?? ''} ${percentText(shares[place] ?? 0)}`),
    ]
    return `<tr><th scope="row">${escapeHtml(choice)}</th><td class="bar"><svg class="dots" viewBox="-6 0 212 ${height}" role="img" aria-label="${escapeHtml(spoken.join(', '))}"><path class="grid" d="M0 0v${height}M50 0v${height}M100 0v${height}M150 0v${height}M200 0v${height}"/><rect class="real-bar" width="${(200 * share).toFixed(1)}" y="2" height="${height - 4}"/>${marks.join('')}</svg></td></tr>`
  })
  const axis =
    '<tr class="axis"><td></td><td class="bar"><svg class="dots" viewBox="-6 0 212 12" aria-hidden="true"><text x="0" y="9" text-anchor="middle">0</text><text x="100" y="9" text-anchor="middle">50%</text><text x="205" y="9" text-anchor="end">100%</text></svg></td></tr>'
  const weights = drawn.map(({ weight }) => weight)
  const [least, most] = [weightText(Math.min(...weights)), weightText(Math.max(...weights))]
  const made = least === most ? least : `${least} to ${most}`
  const counts = drawn.length === 0 ? '' : `, ${made} of each arm`
  return `<table class="card"><caption><strong>${titleOf(one)}</strong><br>${weightText(real?.weight ?? 0)} real answers${counts}</caption><colgroup><col class="label"><col></colgroup><thead><tr class="hidden"><th scope="col">choice</th><th scope="col">shares</th></tr></thead><tbody>${rows.join('')}${axis}</tbody></table>`
}

function placeOf({ arm }: AnswerSeries, styles: Styles): number {
  return [...styles.keys()].indexOf(arm)
}

function questionTable(one: AnswerShares): string {
  const heads = one.choices.map((choice) => `<th scope="col" class="number">${escapeHtml(choice)}</th>`)
  const rows = one.series.map(
    (series) =>
      `<tr><th scope="row">${nameOf(series)}</th><td class="number">${weightText(series.weight)}</td>${series.shares.map((share) => `<td class="number">${percentText(share)}</td>`).join('')}</tr>`,
  )
  return `<div class="wide"><table><caption>${titleOf(one)}</caption><thead><tr><th scope="col"></th><th scope="col" class="number">answers</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function nameOf({ arm }: AnswerSeries): string {
  return escapeHtml(arm ?? 'real answers')
}

function weightText(weight: number): string {
  // Sums of probabilities miss their whole number by rounding.
  const whole = Math.abs(weight - Math.round(weight)) < 1e-6
  return whole ? String(Math.round(weight)) : weight.toFixed(1)
}
