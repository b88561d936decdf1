import { mixtureName } from '../evaluate/portrayed-arms.ts'
import { escapeHtml } from './escape-html.ts'

/** How the real answers or an arm are drawn everywhere on the page: told apart by shape and dashes as well as by colour. */
export interface SeriesStyle {
  /** Class of the style sheet, which sets the colour. */
  readonly className: string
  readonly label: string
  /** SVG path of its mark around a point, in units of the drawing. */
  mark(x: number, y: number, size: number): string
  /** Of a line; empty for a solid one. */
  readonly dashes: string
}

const shapes: readonly SeriesStyle['mark'][] = [
  // A zero-length line, which round ends make a dot.
  (x, y) => `M${n(x)} ${n(y)}h0`,
  (x, y, r) => `M${n(x - r)} ${n(y - r)}l${n(2 * r)} ${n(2 * r)}m0 ${n(-2 * r)}l${n(-2 * r)} ${n(2 * r)}`,
  (x, y, r) => `M${n(x)} ${n(y - r)}l${n(r)} ${n(1.8 * r)}h${n(-2 * r)}z`,
  (x, y, r) => `M${n(x - r)} ${n(y - r)}h${n(2 * r)}v${n(2 * r)}h${n(-2 * r)}z`,
  (x, y, r) =>
    `M${n(x)} ${n(y - 1.2 * r)}l${n(1.2 * r)} ${n(1.2 * r)}l${n(-1.2 * r)} ${n(1.2 * r)}l${n(-1.2 * r)} ${n(-1.2 * r)}z`,
]
const dashes = ['', '', '6 3', '2 3', '8 3 2 3']

/** Styles that can be told apart, beside that of the real answers. */
export const mostSeries = 4

/**
 * The style of each arm, and under the key undefined that of the real answers. Mixture and bare always look alike; others follow in order.
 *
 * @param arms at most `mostSeries`.
 */
export function seriesStyles(arms: readonly string[]): ReadonlyMap<string | undefined, SeriesStyle> {
  const mixture = mixtureName(arms)
  const others = arms.filter((name) => name !== mixture && name !== 'bare')
  const place = (name: string): number =>
    name === mixture ? 1 : name === 'bare' ? 2 : 3 + others.indexOf(name)
  const style = (index: number, label: string): SeriesStyle => ({
    className: `series-${index}`,
    label,
    mark: shapes[index] ?? (shapes[0] as SeriesStyle['mark']),
    dashes: dashes[index] ?? '',
  })
  return new Map<string | undefined, SeriesStyle>([
    [undefined, style(0, 'real answers')],
    ...arms.map((name): [string, SeriesStyle] => [name, style(place(name), name)]),
  ])
}

/** The marks with their names. */
export function marksLegend(styles: readonly SeriesStyle[]): string {
  const items = styles.map(
    ({ className, label, mark }) =>
      `<li><svg class="key" viewBox="0 0 16 16" aria-hidden="true"><path class="marks ${className}" d="${mark(8, 8, 4)}"/></svg>${escapeHtml(label)}</li>`,
  )
  return `<ul class="legend">${items.join('')}</ul>`
}

/** The lines with their names. */
export function linesLegend(styles: readonly SeriesStyle[]): string {
  const items = styles.map(
    ({ className, label, dashes: pattern }) =>
      `<li><svg class="key wide-key" viewBox="0 0 32 16" aria-hidden="true"><path class="line ${className}" d="M0 8h32"${dashAttribute(pattern)}/></svg>${escapeHtml(label)}</li>`,
  )
  return `<ul class="legend">${items.join('')}</ul>`
}

export function dashAttribute(pattern: string): string {
  return pattern === '' ? '' : ` stroke-dasharray="${pattern}"`
}

function n(value: number): string {
  return String(Math.round(10 * value) / 10)
}
