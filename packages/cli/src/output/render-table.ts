import stringWidth from 'string-width'
import { table } from 'table'
import { printable } from './truncate.ts'

export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Takes what the other columns leave and wraps (default: as wide as its cells). */
  readonly flexible?: boolean
}

export interface TableOptions {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly string[])[]
  /** Columns of the terminal. */
  readonly width: number
  /** Style of the titles. */
  readonly styleTitle?: (title: string) => string
}

const gap = 2
const narrowest = 12

/** A table without frame, two spaces between columns, a rule under the titles; wraps its flexible columns to fit `width`. */
export function renderTable({ columns, rows, width, styleTitle = (title) => title }: TableOptions): string {
  const clean = rows.map((row) => row.map(printableStyled))
  const natural = columns.map(({ title }, c) =>
    Math.max(1, stringWidth(title), ...clean.map((row) => stringWidth(row[c] ?? ''))),
  )
  const widths = fitted(columns, natural, width)
  const titles = columns.map(({ title }) => styleTitle(title))
  const text = table([titles, ...clean], {
    border: { ...noBorder, joinBody: '─' },
    columns: columns.map(({ align = 'left' }, c) => ({
      alignment: align,
      width: widths[c] ?? 1,
      wrapWord: true,
      paddingLeft: 0,
      paddingRight: c === columns.length - 1 ? 0 : gap,
    })),
    drawHorizontalLine: (index) => index === 1,
  })
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()
}

function fitted(
  columns: readonly TableColumn[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const flexible = columns.flatMap((column, c) => (column.flexible === true ? [c] : []))
  const total = natural.reduce((sum, value) => sum + value, 0) + gap * (columns.length - 1)
  if (total <= width || flexible.length === 0) return natural
  const wanted = flexible.reduce((sum, c) => sum + (natural[c] ?? 0), 0)
  const left = width - (total - wanted)
  return natural.map((value, c) =>
    flexible.includes(c)
      ? Math.min(value, Math.max(narrowest, Math.floor((left * value) / Math.max(1, wanted))))
      : value,
  )
}

/** Keeps the colours that the caller set, drops other control characters; a cell is one paragraph. */
function printableStyled(cell: string): string {
  return cell
    .split(/(\u001b\[[\d;]*m)/)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('')
}

const noBorder = {
  topBody: '',
  topJoin: '',
  topLeft: '',
  topRight: '',
  bottomBody: '',
  bottomJoin: '',
  bottomLeft: '',
  bottomRight: '',
  bodyLeft: '',
  bodyRight: '',
  bodyJoin: '',
  joinBody: '',
  joinLeft: '',
  joinRight: '',
  joinJoin: '',
} as const
