import type { EmbeddingMap, MapSeries } from '../evaluate/portrait.ts'
import { escapeHtml } from './escape-html.ts'
import { percentText } from './number-text.ts'
import { type SeriesStyle, seriesStyles } from './series-style.ts'

const side = 300
const margin = 10

/** Each arm's answers over the real ones, a panel each, all on one scale. */
export function mapSection(map: EmbeddingMap): string {
  const [real, ...arms] = map.series
  if (real === undefined) return ''
  const styles = seriesStyles(arms.flatMap(({ arm }) => arm ?? []))
  const xs = map.series.flatMap(({ x }) => x)
  const ys = map.series.flatMap(({ y }) => y)
  const [left, top] = [Math.min(...xs), Math.max(...ys)]
  const extent = Math.max(Math.max(...xs) - left, top - Math.min(...ys)) || 1
  const scale = (side - 2 * margin) / extent
  const [shiftX, shiftY] = [
    (side - scale * (Math.max(...xs) - left)) / 2,
    (side - scale * (top - Math.min(...ys))) / 2,
  ]
  const pathOf = ({ x, y }: MapSeries, style: SeriesStyle | undefined): string =>
    `<path class="marks ${style?.className ?? ''}" d="${x
      .map((value, point) =>
        style?.mark(shiftX + scale * (value - left), shiftY + scale * (top - (y[point] ?? 0)), 2.2),
      )
      .join('')}"/>`
  const behind = pathOf(real, styles.get(undefined))
  const panels = arms.map((series, index) => {
    const style = styles.get(series.arm)
    const name = escapeHtml(style?.label ?? '')
    return [
      `<figure><svg class="panel" viewBox="0 0 ${side} ${side}" role="img" aria-labelledby="map-${index} map-text-${index}">`,
      `<title id="map-${index}">Answers of ${name} over the real answers</title>`,
      `<desc id="map-text-${index}">${series.x.length} answers of ${name} and ${real.x.length} real ones on the two directions in which all vary most. ${spreadText(series, real)}</desc>`,
      `<rect class="frame" x="0.5" y="0.5" width="${side - 1}" height="${side - 1}"/>${behind}${pathOf(series, style)}</svg>`,
      `<figcaption><svg class="key" viewBox="0 0 16 16" aria-hidden="true"><path class="marks ${style?.className ?? ''}" d="${style?.mark(8, 8, 4) ?? ''}"/></svg>${name} over <svg class="key" viewBox="0 0 16 16" aria-hidden="true"><path class="marks series-0" d="M8 8h0"/></svg>real answers</figcaption></figure>`,
    ].join('')
  })
  const [first, second] = map.explained
  const sampled = map.series.some(({ answers, x }) => answers > x.length)
  return [
    '<section><h2>Where the answers lie</h2>',
    `<p>Embeddings of free answers on the two principal components of all that is drawn, which show ${percentText(first)} and ${percentText(second)} of the variance; both axes and all panels have one scale.${sampled ? ` At most ${Math.max(...map.series.map(({ x }) => x.length))} answers of each, drawn by the seed.` : ''} What differs in the other ${percentText(Math.max(0, 1 - first - second))} cannot be seen here; the table counts it.</p>`,
    `<div class="panels">${panels.join('\n')}</div></section>`,
  ].join('\n')
}

/** What a reader who does not see the panel can know of it: centres and spreads. */
function spreadText(series: MapSeries, real: MapSeries): string {
  const distance = Math.hypot(mean(series.x) - mean(real.x), mean(series.y) - mean(real.y))
  const spread = rootMeanSquare(real)
  return `Their centre lies ${(distance / spread).toFixed(2)} of the real answers' spread away, and their own spread is ${(rootMeanSquare(series) / spread).toFixed(2)} of it.`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

/** Of the points' distances from their centre; 1 where they do not differ, so that it can be divided by. */
function rootMeanSquare({ x, y }: MapSeries): number {
  const [a, b] = [mean(x), mean(y)]
  return Math.sqrt(mean(x.map((value, point) => (value - a) ** 2 + ((y[point] ?? 0) - b) ** 2))) || 1
}
