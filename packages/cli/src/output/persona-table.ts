import type { Mixture } from '@mop/core'
import { bar } from './bar.ts'
import { formatShare } from './format-number.ts'
import { renderTable } from './render-table.ts'
import type { Terminal } from './terminal.ts'
import { truncate } from './truncate.ts'

const barWidth = 12
/** Where the terminal is narrower than `roomy`, so that the descriptions keep some of it. */
const shortBarWidth = 6
const roomy = 72

/** Personas with their shares (sizes, or weights for one input), largest first. */
export function personaTable(
  mixture: Pick<Mixture, 'personas' | 'temperatures'>,
  shares: ArrayLike<number> | undefined,
  options: {
    readonly terminal: Terminal
    readonly top: number
    readonly shareTitle?: string
    readonly describe?: number
  },
): string {
  const { terminal, top, shareTitle = 'size', describe = 110 } = options
  const columns = terminal.width < roomy ? shortBarWidth : barWidth
  const shareOf = (index: number): number => shares?.[index] ?? 0
  const order = mixture.personas.map((_, index) => index).toSorted((a, b) => shareOf(b) - shareOf(a) || a - b)
  const largest = Math.max(...order.map(shareOf), Number.MIN_VALUE)
  const rows = order.slice(0, top).map((index) => {
    const persona = mixture.personas[index]
    const text = persona?.text === '' ? '(no persona in the prompt)' : (persona?.text ?? '')
    return [
      truncate(persona?.id ?? '', 20),
      ...(shares === undefined ? [] : [formatShare(shareOf(index)), bar(shareOf(index) / largest, columns)]),
      (mixture.temperatures[index] ?? 1).toFixed(2),
      truncate(text, describe),
    ]
  })
  return renderTable({
    columns: [
      { title: 'persona' },
      ...(shares === undefined ? [] : [{ title: shareTitle, align: 'right' } as const, { title: '' }]),
      { title: 'τ', align: 'right' },
      { title: 'description', flexible: true },
    ],
    rows,
    width: terminal.width,
    styleTitle: (title) => terminal.style('dim', title),
  })
}
