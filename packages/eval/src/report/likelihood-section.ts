import type { ArmReport, EvaluationReport, ReportedLikelihoods } from '../evaluate/evaluation-report.ts'
import { escapeHtml } from './escape-html.ts'
import { type LikelihoodGain, likelihoodGains } from './likelihood-gains.ts'
import { countText, numberText } from './number-text.ts'

/** How likely held-out free responses are under each arm, and how much more than under the bare model. Empty without likelihoods. */
export function likelihoodSection(report: EvaluationReport): string {
  const { heldOut, arms } = report
  const scored = arms.filter(({ likelihoods }) => likelihoods !== undefined)
  if (heldOut === undefined || scored.length === 0) return ''
  const gains = likelihoodGains(report)
  const over = gains[0]?.over
  const ends = gains.flatMap(({ mean, interval }) => [mean, interval?.lower ?? mean, interval?.upper ?? mean])
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const at = (value: number): number =>
    high > low ? Math.round((1000 * (value - low)) / (high - low)) / 10 : 50
  const rows = scored.map((arm) =>
    armRow(
      arm,
      gains.find((gain) => gain.arm === arm.name),
      at,
      over !== undefined,
    ),
  )
  const confidence = gains.find(({ interval }) => interval !== undefined)?.interval?.confidence
  const band =
    confidence === undefined
      ? ''
      : `, with the ${Math.round(100 * confidence)}% interval over respondents, which the band draws; the line is no difference`
  const heads = [
    ...(over === undefined ? [] : [[`more than ${over}`, 'number'] as const, ['', ''] as const]),
    ['nats a response', 'number'],
    ['a token', 'number'],
    ['by the prompts drawn', 'number'],
  ] as const
  return [
    '<section><h2>How likely the real answers are</h2>',
    `<p>The log-likelihood of ${countText(heldOut.records, 'real free answer')}, the same under every arm and of ${heldOut.tokens.toFixed(1)} tokens on average, given ${heldOut.prompts.toFixed(1)} of the arm's prompts each${
      heldOut.fewer === undefined
        ? ''
        : ` (${escapeHtml(heldOut.fewer.arms.join(', '))}: ${heldOut.fewer.prompts.toFixed(1)}, since more would take calls of their own)`
    }. Nearer to 0 is better.${
      over === undefined
        ? ''
        : ` What counts is the column “more than ${escapeHtml(over)}”: the same answers compared one by one, in nats a response${band}.`
    }</p>`,
    `<div class="wide" tabindex="0" role="region" aria-label="Log-likelihood of each arm"><table class="groups"><thead><tr><th scope="col">arm</th>${heads.map(([title, kind]) => `<th scope="col" class="${kind}">${title === '' ? '<span class="hidden">drawn</span>' : escapeHtml(title)}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`,
    '<p class="soft">By the prompts drawn: the standard error that comes from having drawn these prompts, and below it by how much the value is estimated to be too low because the logarithm was taken of a mean over few of them. The interval has that error too, not what is too low. Not known where an answer has one prompt alone. Arms whose prompts all say the same have neither, which favours them.</p></section>',
  ].join('\n')
}

function armRow(
  { name, texts, likelihoods }: ArmReport,
  gain: LikelihoodGain | undefined,
  at: (value: number) => number,
  compared: boolean,
): string {
  const figureOf = (metric: string): string => {
    const figure = texts?.figures.find((one) => one.metric === metric)
    if (figure === undefined) return '–'
    const band =
      figure.interval === undefined
        ? ''
        : `<small>${numberText(figure.interval.lower)} – ${numberText(figure.interval.upper)}</small>`
    return `${numberText(figure.value)}${band}`
  }
  const cells = [figureOf('log-likelihood'), figureOf('log-likelihood per token')]
  const gainCells = compared ? gainOf(gain, at) : ''
  return `<tr><th scope="row">${escapeHtml(name)}</th>${gainCells}${cells.map((cell) => `<td class="number">${cell}</td>`).join('')}<td class="number">${byPrompts(likelihoods)}</td></tr>`
}

function byPrompts({ monteCarloError, monteCarloBias }: Partial<ReportedLikelihoods> = {}): string {
  if (!Number.isFinite(monteCarloError) || monteCarloBias === undefined) return 'not known'
  return `± ${numberText(monteCarloError ?? 0)}<small>${numberText(Math.abs(monteCarloBias))} too ${monteCarloBias > 0 ? 'high' : 'low'}</small>`
}

function gainOf(gain: LikelihoodGain | undefined, at: (value: number) => number): string {
  if (gain === undefined) return '<td class="number">–</td><td class="bar"></td>'
  const { mean, interval } = gain
  const signed = mean > 0 ? `+${numberText(mean)}` : numberText(mean)
  const band =
    interval === undefined
      ? ''
      : `<small>${numberText(interval.lower)} – ${numberText(interval.upper)}</small>`
  const { lower, upper } = interval ?? { lower: mean, upper: mean }
  const drawn = `<rect class="band" x="${at(lower)}" width="${Math.max(0.5, at(upper) - at(lower)).toFixed(1)}" y="2" height="10"/><rect class="value" x="${(at(mean) - 0.75).toFixed(2)}" width="1.5" y="1" height="12"/>`
  return `<td class="number">${signed}${band}</td><td class="bar"><svg viewBox="-1 0 102 14" preserveAspectRatio="none" aria-hidden="true">${drawn}<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="14"/></svg></td>`
}
