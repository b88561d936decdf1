import type { EvaluationReport, ReportedFigure } from '@mop/eval'
import { expect, it } from 'vitest'
import type { Terminal } from '../output/terminal.ts'
import { evaluationTable, likelihoodLines, warningLines } from './evaluation-table.ts'

const terminal = { width: 80, style: (_style: string, text: string) => text } as unknown as Terminal

function figure(metric: string, value: number, warnings: readonly string[] = []): ReportedFigure {
  return {
    metric,
    better: 'lower',
    range: [0, 9],
    value,
    interval: { lower: value - 0.1, upper: value + 0.1, confidence: 0.95, resamples: 9, bias: 0 },
    sizes: { real: 9, simulated: 9 },
    units: { real: 9, simulated: 9 },
    warnings,
  }
}

function reportOf(figures: Readonly<Record<string, readonly ReportedFigure[]>>, error = 0): EvaluationReport {
  const arms = Object.entries(figures).map(([name, of]) => ({
    name,
    calls: {},
    likelihoods: { ofEach: [], monteCarloError: error, monteCarloBias: error },
    texts: { simulated: 9, real: 9, unmatched: { simulated: 0, real: 0 }, figures: of, notes: [] },
  }))
  return { arms } as unknown as EvaluationReport
}

it('tells the best from those behind it without colours', () => {
  const table = evaluationTable(
    reportOf({ bare: [figure('FID', 2)], near: [figure('FID', 1.05)], mixture: [figure('FID', 1)] }),
    terminal,
  )
  expect(table).toMatch(/^bare +2\.000 +1\.900 – 2\.100$/m)
  expect(table).toMatch(/^near .* ≈$/m)
  expect(table).toMatch(/^mixture .* best$/m)
})

it('names the figures that a warning is about, once', () => {
  const few = 'The interval rests on 9 units on one side; below 30 it is too short.'
  const figures = [
    figure('FID', 1, ['FID rests on 9 items.', few]),
    figure('Wasserstein-1, normalised', 1, [few, 'Floor: too few.']),
  ]
  expect(warningLines(reportOf({ bare: figures, mixture: figures }))).toEqual([
    'FID rests on 9 items.',
    `FID, Wasserstein-1: ${few}`,
  ])
})

it('says that an error is not known instead of giving one', () => {
  const figures = { bare: [figure('log-likelihood', 2)], other: [figure('log-likelihood', 1)] }
  const kept = Object.fromEntries(
    Object.entries(figures).map(([name, [one]]) => [
      name,
      [{ ...one, interval: { ...one?.interval, figures: [1, 2, 3] } } as unknown as ReportedFigure],
    ]),
  )
  expect(likelihoodLines(reportOf(kept, 0.25))[0]).toContain('± 0.354 by the prompts drawn)')
  // Null is what a report has that was read from its file.
  for (const unknown of [Number.NaN, null as unknown as number])
    expect(likelihoodLines(reportOf(kept, unknown))[0]).toContain('by the prompts drawn not known')
})
