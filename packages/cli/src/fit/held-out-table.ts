import type { FitReport, HeldOutFigure, HeldOutGain } from '@mop/core'
import stringWidth from 'string-width'
import { formatNats } from '../output/format-number.ts'
import { renderTable, type TableColumn } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'

/** Half the width of a 95% interval in standard errors. */
const z95 = 1.96

/**
 * Held-out mean log-likelihoods of the ways to answer, beside what the mixture gains on each; below them where the
 * terminal is too narrow for both.
 */
export function heldOutTable(report: Pick<FitReport, 'heldOut'>, terminal: Terminal): string {
  const { bare, uniform, constant, mixture, gainOver } = report.heldOut
  const ways = [
    { name: 'bare model', figure: bare, gain: gainOver.bare },
    { name: 'uniform weights', figure: uniform, gain: gainOver.uniform },
    { name: 'constant weights', figure: constant, gain: gainOver.constant },
  ]
  const mixtureRow = figureCells('mixture', mixture).map((cell) => terminal.style('bold', cell))
  const layout = { width: terminal.width, styleTitle: (title: string) => terminal.style('dim', title) }
  const figures = (title: string): TableColumn[] => [
    { title },
    { title: 'per record', align: 'right' },
    { title: '95%' },
    { title: 'per token', align: 'right' },
  ]
  const beside = renderTable({
    columns: [...figures('held-out log-likelihood'), { title: 'the mixture gains [95%]' }],
    rows: [
      ...ways.map(({ name, figure, gain }) => [...figureCells(name, figure), gainText(gain, terminal)]),
      [...mixtureRow, ''],
    ],
    ...layout,
  })
  if (widest(beside) <= terminal.width) return beside
  const below = [
    renderTable({
      columns: figures('held-out'),
      rows: [...ways.map(({ name, figure }) => figureCells(name, figure)), mixtureRow],
      ...layout,
    }),
    renderTable({
      columns: [{ title: 'the mixture gains over' }, { title: 'per record [95%]' }],
      rows: ways.map(({ name, gain }) => [name, gainText(gain, terminal)]),
      ...layout,
    }),
  ]
  return below.join('\n\n')
}

function figureCells(name: string, figure: HeldOutFigure): string[] {
  return [
    name,
    formatNats(figure.perRecord),
    `± ${(z95 * Math.hypot(figure.standardError, figure.monteCarloError)).toFixed(2)}`,
    formatNats(figure.perToken),
  ]
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)))
}

function gainText({ mean, interval: [low, high] }: HeldOutGain, terminal: Terminal): string {
  const text = `${formatNats(mean, { sign: true })} [${formatNats(low)}, ${formatNats(high)}]`
  if (low > 0) return terminal.style('green', text)
  return high < 0 ? terminal.style('red', text) : text
}
