import type { FitReport, HeldOutFigure, HeldOutGain } from '@mop/core'
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import { fakeTerminal } from '../testing/fake-terminal.ts'
import { heldOutTable } from './held-out-table.ts'

const figure = (perRecord: number): HeldOutFigure => ({
  perRecord,
  perToken: perRecord / 60,
  standardError: 8.123,
  monteCarloError: 1.2,
  monteCarloBias: -0.4,
  temperature: 1.2,
})
const gain = (mean: number): HeldOutGain => ({ mean, interval: [mean - 1.204, mean + 1.234] })
/** Of long texts, whose figures are the widest. */
const report = {
  heldOut: {
    bare: figure(-1561.812),
    uniform: figure(-1554.263),
    constant: figure(-1553.879),
    mixture: figure(-1552.928),
    gainOver: { bare: gain(18.884), uniform: gain(11.335), constant: gain(10.951) },
    componentsPerRecord: 24,
  },
} satisfies Pick<FitReport, 'heldOut'>

const linesAt = (width: number): string[] => heldOutTable(report, fakeTerminal({ width })).split('\n')

it.each([60, 70, 80, 100])('is not wider than %i columns and holds every figure once', (width) => {
  const lines = linesAt(width)
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width)
  const text = lines.join('\n')
  for (const figures of [
    '−1561.812',
    '−1554.263',
    '−1553.879',
    '−1552.928',
    '+18.884',
    '+11.335',
    '+10.951',
  ]) {
    expect(text.split(figures)).toHaveLength(2)
  }
})

it('has the gains beside the figures where there is room, and else below them', () => {
  expect(linesAt(100)).toHaveLength(6)
  expect(linesAt(60)).toEqual([
    'held-out          per record  95%      per token',
    '────────────────────────────────────────────────',
    'bare model         −1561.812  ± 16.09    −26.030',
    'uniform weights    −1554.263  ± 16.09    −25.904',
    'constant weights   −1553.879  ± 16.09    −25.898',
    'mixture            −1552.928  ± 16.09    −25.882',
    '',
    'the mixture gains over  per record [95%]',
    '────────────────────────────────────────────────',
    'bare model              +18.884 [17.680, 20.118]',
    'uniform weights         +11.335 [10.131, 12.569]',
    'constant weights        +10.951 [9.747, 12.185]',
  ])
})
