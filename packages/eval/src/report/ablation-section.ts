import type { EvaluationReport } from '../evaluate/evaluation-report.ts'
import { type AblatedFigure, ablationFindings, type AblationLoss, ablationLosses } from './ablation-losses.ts'
import { escapeHtml } from './escape-html.ts'
import { shortName } from './main-figures.ts'
import { numberText } from './number-text.ts'

/** How much worse each figure gets where a part of the mixture is left out, the greatest loss first. Empty without an ablation. */
export function ablationSection(report: EvaluationReport): string {
  const figures = ablationLosses(report)
  if (figures.length === 0) return ''
  return [
    '<section><h2>What each part of the mixture is worth</h2>',
    ...ablationFindings(figures).map((finding) => `<p>${escapeHtml(finding)}</p>`),
    "<p class=\"soft\">How much worse each figure is than the mixture's own, in the figure's units and turned so that to the right is worse; the greatest loss first. Each line names what was left out, and the arm. The band is the mixture's interval; ≈: the interval of the difference holds 0. The parts were left out of the prompts of the same mixture except where an arm has a mixture of its own.</p>",
    `<div class="cards">${figures.map(lossCard).join('\n')}</div></section>`,
  ].join('\n')
}

function lossCard({ metric, value, range, losses }: AblatedFigure): string {
  const ends = [0, ...range, ...losses.map(({ loss }) => loss)].filter((end) => Number.isFinite(end))
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const at = (end: number): number =>
    high > low ? Math.round((1000 * (Math.max(low, Math.min(high, end)) - low)) / (high - low)) / 10 : 50
  const rows = losses.map((one) => {
    const [from, to] = [at(Math.min(0, one.loss)), at(Math.max(0, one.loss))]
    return [
      `<tr><th scope="row">${label(one)}</th>`,
      `<td class="number">${one.open ? '<span aria-hidden="true">≈ </span><span class="hidden">not clearly different: </span>' : ''}${signed(one.loss)}</td>`,
      '<td class="bar"><svg viewBox="-1 0 102 14" preserveAspectRatio="none" aria-hidden="true">',
      `<rect class="band" x="${at(range[0])}" width="${Math.max(0.5, at(range[1]) - at(range[0])).toFixed(1)}" y="0" height="14"/>`,
      `<rect class="${one.ablates === undefined ? 'variant' : one.open ? 'loss open' : 'loss'}" x="${from}" width="${Math.max(0.5, to - from).toFixed(1)}" y="3" height="8"/>`,
      `<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="14"/></svg></td></tr>`,
    ].join('')
  })
  return `<table class="card"><caption><strong>${escapeHtml(shortName(metric))}</strong> of the mixture ${numberText(value)}</caption><colgroup><col class="label"><col class="amount"><col></colgroup><thead><tr class="hidden"><th scope="col">left out</th><th scope="col">worse by</th><th scope="col"></th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function label({ arm, ablates }: AblationLoss): string {
  if (ablates === undefined) return `${escapeHtml(arm)}<small>left out: nothing</small>`
  return `${escapeHtml(ablates)}<small>${escapeHtml(arm)}</small>`
}

function signed(loss: number): string {
  const text = numberText(loss)
  return loss > 0 ? `+${text}` : text
}
