import { describe, expect, test } from 'vitest'
import { matrixFromRows } from '../numeric/matrix.ts'
import {
  anchorComponents,
  anchorProposal,
  informedProposal,
  logAffinityFrom,
  plainProposal,
} from './component-proposals.ts'
import type { FitData } from './fit-data.ts'

const unit = (...values: number[]): Float64Array =>
  Float64Array.from(values, (value) => value / Math.hypot(...values))
const exemplars = ['a', 'b', 'c'].map((id) => ({ id, input: 'x', output: id }))
/** Two personas, three exemplars, three items; the last item may use no exemplar but the third. */
const data = {
  personas: [
    { id: 'p', text: 'p' },
    { id: 'q', text: 'q' },
  ],
  exemplars,
  he: matrixFromRows([unit(1, 0), unit(0, 1), unit(1, 1)], 2),
  hi: matrixFromRows([unit(1, 0), unit(0, 1), unit(1, 0.1)], 2),
  maskOfItem: [[], [2], [0, 1]],
} satisfies Partial<FitData> as unknown as FitData

const logAffinity = logAffinityFrom(
  matrixFromRows(
    [
      [-10, -30, -20],
      [-12, -20, -20],
    ],
    3,
  ),
)
const affinity = { ...logAffinity, data: logAffinity.data.map(Math.exp) }
const clues = { affinity, anchorLogLikelihoods: () => Float64Array.of(-10, -40) }
const total = (weights: Float64Array): number => weights.reduce((sum, weight) => sum + weight, 0)

describe('proposals', () => {
  test('the affinity is P(persona | exemplar), and the anchor the exemplar that speaks clearest for its persona', () => {
    for (const j of [0, 1, 2])
      expect((affinity.data[j] ?? 0) + (affinity.data[3 + j] ?? 0)).toBeCloseTo(1, 12)
    expect(affinity.data[2]).toBeCloseTo(0.5, 12)
    expect([...anchorComponents(logAffinity)]).toEqual([0, 4])
    expect([...anchorComponents({ rows: 2, columns: 0, data: new Float64Array(0) })]).toEqual([0, 1])
  })

  test('the first round looks at the anchors alone, but for masked ones', () => {
    const anchors = anchorComponents(logAffinity)
    expect([...anchorProposal(data, anchors)(0)]).toEqual([1, 0, 0, 0, 1, 0])
    expect([...anchorProposal(data, anchors)(2)]).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('a later round leaves no unmasked component out and never a masked one in', () => {
    const informed = informedProposal(data, clues, plainProposal(data))
    expect(informed(0).every((weight) => weight > 0)).toBe(true)
    expect(Array.from(informed(1), (weight) => weight > 0)).toEqual([true, true, false, true, true, false])
    expect(Array.from(informed(2), (weight) => weight > 0)).toEqual([false, false, true, false, false, true])
  })

  test('it prefers the persona whose anchor explains the item, its exemplars, and those near the item', () => {
    const weights = informedProposal(data, clues, plainProposal(data))(0)
    expect(total(weights.subarray(0, 3)) / total(weights)).toBeGreaterThan(0.8)
    expect(weights[0]).toBeGreaterThan(weights[2] ?? 1)
    expect(weights[2]).toBeGreaterThan(weights[1] ?? 1)
  })
})
