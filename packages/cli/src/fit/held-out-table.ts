import type { FitReport, HeldOutFigure, HeldOutGain } from '@mop/core'
import { formatNats } from '../output/format-number.ts'
import { renderTable } from '../output/render-table.ts'
import type { Terminal } from '../output/terminal.ts'

/** Half the width of a 95% interval in standard errors. */
const z95 = 1.96

/** Held-out mean log-likelihoods of the ways to answer, beside what the mixture gains on each. */
export function heldOutTable(report: Pick<FitReport, 'heldOut'>, terminal: Terminal): string {
  const { bare, uniform, constant, mixture, gainOver } = report.heldOut
  const row = (name: string, figure: HeldOutFigure, gain?: HeldOutGain): string[] => [
    name,
    formatNats(figure.perRecord),
    `± ${(z95 * Math.hypot(figure.standardError, figure.monteCarloError)).toFixed(2)}`,
    formatNats(figure.perToken),
    gain === undefined ? '' : gainText(gain, terminal),
  ]
  const rows = [
    row('bare model', bare, gainOver.bare),
    row('uniform weights', uniform, gainOver.uniform),
    row('constant weights', constant, gainOver.constant),
    row('mixture', mixture).map((cell) => terminal.style('bold', cell)),
  ]
  return renderTable({
    columns: [
      { title: 'held-out log-likelihood' },
      { title: 'per record', align: 'right' },
      { title: '95%' },
      { title: 'per token', align: 'right' },
      { title: 'the mixture gains [95%]' },
    ],
    rows,
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}

function gainText({ mean, interval: [low, high] }: HeldOutGain, terminal: Terminal): string {
  const text = `${formatNats(mean, { sign: true })} [${formatNats(low)}, ${formatNats(high)}]`
  if (low > 0) return terminal.style('green', text)
  return high < 0 ? terminal.style('red', text) : text
}
