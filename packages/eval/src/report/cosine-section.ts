import type { CosineSeries, CosineShares } from '../evaluate/portrait.ts'
import { escapeHtml } from './escape-html.ts'
import { percentText } from './number-text.ts'
import { dashAttribute, linesLegend, seriesStyles } from './series-style.ts'

const width = 640
const height = 240
const left = 48
const bottom = 32
const top = 8
const right = 8

/** How alike answers are within each sample, as lines of steps over the bins that hold any pair. */
export function cosineSection({ bins, series }: CosineShares): string {
  const used = [...Array(bins).keys()].filter((bin) => series.some(({ shares }) => (shares[bin] ?? 0) > 0))
  const [from, to] = [Math.max(0, Math.min(...used) - 1), Math.min(bins, Math.max(...used) + 2)]
  // The next multiple of 2%, so that the axis has plain numbers.
  const highest = Math.ceil(50 * Math.max(...series.flatMap(({ shares }) => shares))) / 50
  const cosineOf = (bin: number): number => -1 + (2 * bin) / bins
  const x = (bin: number): number =>
    Math.round(10 * (left + ((width - left - right) * (bin - from)) / (to - from))) / 10
  const y = (share: number): number =>
    Math.round(10 * (height - bottom - ((height - bottom - top) * share) / highest)) / 10
  const styles = seriesStyles(series.flatMap(({ arm }) => arm ?? []))
  const stepsOf = ({ shares }: CosineSeries): string => {
    const steps = Array.from(
      { length: to - from },
      (_, index) => `V${y(shares[from + index] ?? 0)}H${x(from + index + 1)}`,
    )
    return `M${x(from)} ${y(0)}${steps.join('')}V${y(0)}`
  }
  const lines = series.map((one) => {
    const style = styles.get(one.arm)
    return `<path class="line ${style?.className ?? ''}" d="${stepsOf(one)}"${dashAttribute(style?.dashes ?? '')}/>`
  })
  // Of all multiples of 0.2 those in view; of 0.1 where that gives fewer than three.
  const ticksOf = (each: number): number[] =>
    Array.from(
      { length: Math.round(2 / each) + 1 },
      (_, index) => Math.round(100 * (index * each - 1)) / 100,
    ).filter((cosine) => cosine >= cosineOf(from) - 1e-9 && cosine <= cosineOf(to) + 1e-9)
  const ticks = ticksOf(0.2).length < 3 ? ticksOf(0.1) : ticksOf(0.2)
  const binAt = (cosine: number): number => ((cosine + 1) / 2) * bins
  const axis = ticks.map(
    (cosine) =>
      `<line class="grid" x1="${x(binAt(cosine))}" x2="${x(binAt(cosine))}" y1="${top}" y2="${y(0)}"/><text x="${x(binAt(cosine))}" y="${height - bottom + 16}" text-anchor="middle">${String(cosine).replace('-', '−')}</text>`,
  )
  const levels = [0, 0.5, 1].map(
    (part) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(part * highest)}" y2="${y(part * highest)}"/><text x="${left - 6}" y="${y(part * highest) + 4}" text-anchor="end">${percentText(part * highest)}</text>`,
  )
  const described = series.map((one) => {
    const mean = one.shares.reduce((sum, share, bin) => sum + share * cosineOf(bin + 0.5), 0)
    return `${escapeHtml(styles.get(one.arm)?.label ?? '')}: mean ${mean.toFixed(2)}`.replace('-', '−')
  })
  return [
    '<section><h2>How alike the answers are among themselves</h2>',
    '<p>Shares of pairs of answers by the cosine of their embeddings, within the real answers and within each arm’s, in the bins whose divergence KL cosine is. A line to the right of the real one: answers that are too much alike.</p>',
    linesLegend([...styles.values()]),
    `<div class="wide"><svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="cosines cosines-text"><title id="cosines">Histograms of pairwise cosines</title><desc id="cosines-text">${described.join('; ')}.</desc>`,
    `${axis.join('')}${levels.join('')}<text x="${(left + width - right) / 2}" y="${height - 2}" text-anchor="middle">cosine of two answers</text>${lines.toReversed().join('')}</svg></div></section>`,
  ].join('\n')
}
