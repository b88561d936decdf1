import { describe, expect, test } from 'vitest'
import type { ArmReport, EvaluationReport } from '../evaluate/evaluation-report.ts'
import type { MetricResult } from '../result/metric-result.ts'
import { ablationFindings, ablationLosses } from './ablation-losses.ts'
import { badnessRange } from '../result/badness.ts'
import { isOpen, standings } from './best-figure.ts'

function figure(metric: string, better: MetricResult['better'], value: number, wide = 0.1): MetricResult {
  return {
    metric,
    better,
    range: [-9, 9],
    value,
    interval: { lower: value - wide, upper: value + wide, confidence: 0.95, resamples: 9, bias: 0 },
    floor: { value: 2, from: 'real', sizes: [1, 1] },
    sizes: { real: 1, simulated: 1 },
    units: { real: 1, simulated: 1 },
    warnings: [],
  }
}

function arm(name: string, figures: readonly MetricResult[], ablates?: string): ArmReport {
  return {
    name,
    uses: '',
    ...(ablates !== undefined && { ablates }),
    responses: 1,
    calls: { answers: 1, steps: 0, inputTokens: 1, outputTokens: 1 },
    cutOff: 0,
    texts: { simulated: 1, real: 1, unmatched: { simulated: 0, real: 0 }, figures, notes: [] },
  }
}

const reportOf = (arms: readonly ArmReport[]) => ({ arms }) as unknown as EvaluationReport

describe('the ablation', () => {
  const arms = [
    arm('bare', [figure('FID', 'lower', 9), figure('MAUVE', 'higher', 0)]),
    arm('no-exemplars', [figure('FID', 'lower', 3), figure('MAUVE', 'higher', 0.55)], 'exemplars'),
    arm('exemplars-only', [figure('FID', 'lower', 1.5), figure('MAUVE', 'higher', 0.45)], 'personas'),
    arm('mixture-2', [figure('FID', 'lower', 0.5), figure('MAUVE', 'higher', 0.9)]),
    arm('mixture', [figure('FID', 'lower', 1), figure('MAUVE', 'higher', 0.6)]),
  ]

  test('turns every figure so that more is worse, the greatest loss first', () => {
    const figures = ablationLosses(reportOf(arms))
    expect(figures.map(({ metric, value }) => [metric, value])).toEqual([
      ['FID', 1],
      ['MAUVE', 0.6],
    ])
    expect(figures[0]?.losses).toEqual([
      { arm: 'no-exemplars', ablates: 'exemplars', value: 3, loss: 2, open: false },
      { arm: 'exemplars-only', ablates: 'personas', value: 1.5, loss: 0.5, open: false },
      { arm: 'mixture-2', value: 0.5, loss: -0.5, open: false },
    ])
    const [, second] = figures
    expect(second?.losses.map(({ loss, open }) => [Number(loss.toFixed(9)), open])).toEqual([
      [0.15, true],
      [0.05, true],
      [-0.3, false],
    ])
    expect(second?.range.map((end) => Number(end.toFixed(9)))).toEqual([-0.1, 0.1])
    expect(ablationFindings(figures)).toEqual([
      'By FID it is leaving out exemplars that costs most, and clearly.',
      'By MAUVE it is leaving out personas that costs most, but not clearly.',
    ])
  })

  test('says where no part is missed, and nothing without a mixture or an ablation', () => {
    const better = [
      arm('no-exemplars', [figure('FID', 'lower', 0.2)], 'exemplars'),
      arm('mixture', [figure('FID', 'lower', 1)]),
    ]
    expect(ablationFindings(ablationLosses(reportOf(better)))).toEqual([
      'By FID no part that was left out is missed.',
    ])
    expect(ablationLosses(reportOf(arms.filter(({ name }) => !name.startsWith('mixture'))))).toEqual([])
    expect(ablationLosses(reportOf(arms.filter(({ ablates }) => ablates === undefined)))).toEqual([])
  })
})

describe('beside the best', () => {
  test('a figure is open where its interval isOpen, behind where not, and nothing where there is none', () => {
    const lower = (value: number) => figure('FID', 'lower', value)
    expect(standings([lower(1), lower(1.15), lower(1.3), undefined, lower(Number.NaN)])).toEqual([
      'best',
      'open',
      'behind',
      undefined,
      undefined,
    ])
    expect(standings([lower(1), undefined])).toEqual([undefined, undefined])
    const { interval: _interval, ...bare } = lower(5)
    expect(standings([lower(1), bare])).toEqual(['best', 'open'])
  })

  test('figures that are to lie near a value are compared by how far off they are, on either side', () => {
    const near = (value: number) => figure('self-BLEU-4', 'near the real', value)
    expect(isOpen(near(1.9), near(2.1))).toBe(true)
    expect(isOpen(near(1.5), near(2.5))).toBe(true)
    expect(isOpen(near(1.5), near(2.05))).toBe(false)
    const [least, most] = badnessRange(near(2.05))
    expect(least).toBe(0)
    expect(most).toBeCloseTo(0.15, 12)
  })
})
