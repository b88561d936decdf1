import type { ArmReport } from '../evaluate/evaluation-report.ts'
import type { ArmCalibration } from '../evaluate/portrait.ts'
import { portrayedArms } from '../evaluate/portrayed-arms.ts'
import { escapeHtml } from './escape-html.ts'
import { numberText, percentText } from './number-text.ts'
import { mostSeries, type SeriesStyle, seriesStyles } from './series-style.ts'

const size = 300
const left = 44
const bottom = 30
const edge = 8

/** Whether choices are really given as often as an arm gives them: a reliability diagram of a few arms, and the partition of the Brier score of all. */
export function calibrationSection(
  calibrations: readonly ArmCalibration[],
  arms: readonly ArmReport[],
): string {
  if (calibrations.length === 0) return ''
  const names = calibrations.map(({ arm }) => arm)
  const first = portrayedArms(names)
  const drawn = [...first, ...names.filter((name) => !first.includes(name))].slice(0, mostSeries)
  const styles = seriesStyles(drawn)
  const panels = drawn.flatMap((name, index) => {
    const own = calibrations.find(({ arm }) => arm === name)
    const style = styles.get(name)
    return own === undefined || style === undefined ? [] : [panel(own, style, index)]
  })
  return [
    '<section><h2>Whether the shares of choices can be relied on</h2>',
    '<p>Each choice of each closed question is a forecast: choices to which an arm gives about the same share stand together, and a mark says which share of the real answers they are. On the diagonal shares are right; below it the arm gives too much. The larger the mark, the more answers.</p>',
    `<div class="panels">${panels.join('\n')}</div>`,
    partitionTable(calibrations, arms),
    '<p class="soft">The Brier score is the mean squared error of the shares as forecasts of single answers: reliability − resolution + uncertainty (Murphy). Reliability is what the arm gets wrong, and the only part in which arms differ; resolution and uncertainty say how far questions differ, and answers at all. With few answers a question, reliability is too large by chance, for every arm alike.</p></section>',
  ].join('\n')
}

function panel({ arm, bins }: ArmCalibration, style: SeriesStyle, index: number): string {
  const x = (share: number): string => (left + (size - left - edge) * share).toFixed(1)
  const y = (share: number): string => (size - bottom - (size - bottom - edge) * share).toFixed(1)
  const line = bins.map(({ simulated, real }) => `${x(simulated)} ${y(real)}`).join('L')
  const marks = bins.map(({ simulated, real, weight }) =>
    style.mark(Number(x(simulated)), Number(y(real)), 2 + 7 * Math.sqrt(weight)),
  )
  const ticks = [0, 0.5, 1].map(
    (share) =>
      `<path class="grid" d="M${x(share)} ${y(0)}V${y(1)}M${x(0)} ${y(share)}H${x(1)}"/><text x="${x(share)}" y="${size - bottom + 13}" text-anchor="${share === 1 ? 'end' : 'middle'}">${percentText(share)}</text><text x="${left - 4}" y="${Number(y(share)) + 4}" text-anchor="end">${percentText(share)}</text>`,
  )
  const spoken = bins.map(
    ({ simulated, real }) => `${percentText(real)} where the arm says ${percentText(simulated)}`,
  )
  return [
    `<figure><svg class="panel" viewBox="0 0 ${size} ${size}" role="img" aria-labelledby="calibration-${index} calibration-text-${index}">`,
    `<title id="calibration-${index}">Real shares over those of ${escapeHtml(arm)}</title><desc id="calibration-text-${index}">The real share is ${escapeHtml(spoken.join(', '))}.</desc>`,
    `${ticks.join('')}<path class="floor" fill="none" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/><path class="marks ${style.className}" d="M${line}"/><path class="marks ${style.className}" d="${marks.join('')}"/>`,
    `<text x="${(left + size - edge) / 2}" y="${size - 4}" text-anchor="middle">share that the arm gives</text></svg>`,
    `<figcaption>${escapeHtml(arm)}: the real share (upwards)</figcaption></figure>`,
  ].join('')
}

function partitionTable(calibrations: readonly ArmCalibration[], arms: readonly ArmReport[]): string {
  const errorOf = (name: string): string => {
    const arm = arms.find((one) => one.name === name)
    const figure = arm?.choices?.figures.find(({ metric }) => metric === 'calibration error')
    return figure === undefined ? '–' : numberText(figure.value)
  }
  const rows = calibrations.map(({ arm, brier: { score, reliability, resolution, uncertainty } }) => {
    const cells = [...[score, reliability, resolution, uncertainty].map(numberText), errorOf(arm)]
    return `<tr><th scope="row">${escapeHtml(arm)}</th>${cells.map((cell) => `<td class="number">${cell}</td>`).join('')}</tr>`
  })
  const heads = ['Brier score', 'reliability', 'resolution', 'uncertainty', 'calibration error'].map(
    (title) => `<th scope="col" class="number">${title}</th>`,
  )
  return `<div class="wide" tabindex="0" role="region" aria-label="Brier score and its parts"><table class="groups"><thead><tr><th scope="col">arm</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}
