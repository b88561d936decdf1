import { portrayedArms } from '../evaluate/portrayed-arms.ts'
import type { AnswerSeries, AnswerShares } from '../evaluate/portrait.ts'
import { escapeHtml } from './escape-html.ts'
import { countText, percentText } from './number-text.ts'
import { marksLegend, mostSeries, seriesStyles, type SeriesStyle } from './series-style.ts'

type Styles = ReadonlyMap<string | undefined, SeriesStyle>

/** How closed questions were answered: a row a choice, a mark for the real answers and each of a few arms; all arms in a table below. */
export function answersSection(answers: readonly AnswerShares[]): string {
  if (answers.length === 0) return ''
  const arms = [...new Set(answers.flatMap(({ series }) => series.flatMap(({ arm }) => arm ?? [])))]
  const first = portrayedArms(arms)
  const drawn = [...first, ...arms.filter((arm) => !first.includes(arm))].slice(0, mostSeries)
  const styles = seriesStyles(drawn)
  return [
    '<section><h2>How closed questions were answered</h2>',
    `<p>Shares of each choice; the ${countText(answers.length, 'question')} that real people answered most.${fewest(answers)}</p>`,
    marksLegend([...styles.values()]),
    `<div class="cards">${answers.map((one) => questionCard(one, styles)).join('\n')}</div>`,
    `<details><summary>The same as a table, of all arms</summary>${answers.map((one) => questionTable(one)).join('\n')}</details></section>`,
  ].join('\n')
}

/** How little the shares of real answers rest on. */
function fewest(answers: readonly AnswerShares[]): string {
  const least = Math.min(...answers.map(({ series }) => series[0]?.weight ?? 0))
  return least < 30
    ? ` One of them has but ${weightText(least)} real answers: where there are few, the real shares themselves are chance.`
    : ''
}

function titleOf({ input, choices }: AnswerShares): string {
  return escapeHtml(input ?? `All questions with the choices ${choices.join(', ')}`)
}

function questionCard(one: AnswerShares, styles: Styles): string {
  const drawn = one.series.filter(({ arm }) => styles.has(arm))
  const rows = one.choices.map((choice, place) => {
    const shares = drawn.map((series) => ({
      style: styles.get(series.arm),
      share: series.shares[place] ?? 0,
    }))
    const ends = shares.map(({ share }) => 100 * share)
    // Real answers last, so that they lie on top.
    const marks = shares
      .toReversed()
      .map(
        ({ style, share }) =>
          `<path class="marks ${style?.className ?? ''}" d="${style?.mark(100 * share * 2, 8, 4) ?? ''}"/>`,
      )
    const spoken = shares
      .map(({ style, share }) => `${escapeHtml(style?.label ?? '')} ${percentText(share)}`)
      .join(', ')
    return `<tr><th scope="row">${escapeHtml(choice)}</th><td class="bar"><svg class="dots" viewBox="-8 0 216 16" role="img" aria-label="${spoken}"><path class="grid" d="M0 0v16M50 0v16M100 0v16M150 0v16M200 0v16"/><path class="span" d="M${2 * Math.min(...ends)} 8H${2 * Math.max(...ends)}"/>${marks.join('')}</svg></td></tr>`
  })
  const axis =
    '<tr class="axis"><td></td><td class="bar"><svg class="dots" viewBox="-8 0 216 16" aria-hidden="true"><text x="0" y="12" text-anchor="middle">0</text><text x="100" y="12" text-anchor="middle">50%</text><text x="200" y="12" text-anchor="end">100%</text></svg></td></tr>'
  const counts = drawn.map(
    (series) => `${escapeHtml(styles.get(series.arm)?.label ?? '')} ${weightText(series.weight)}`,
  )
  return `<table class="card"><caption><strong>${titleOf(one)}</strong><br>${counts.join(', ')}</caption><thead class="hidden"><tr><th scope="col">choice</th><th scope="col">shares</th></tr></thead><tbody>${rows.join('')}${axis}</tbody></table>`
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
  return Number.isInteger(weight) ? String(weight) : weight.toFixed(1)
}
