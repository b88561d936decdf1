import { expect, test } from 'vitest'
// Made for this project with PyTorch 1.13 in float64 (autograd, checked by central differences).
import reference from '../gate/gate.reference.json' with { type: 'json' }
import { matrixFromRows, zeros } from '../numeric/matrix.ts'
import { createGateObjective, noRegularisation } from './gate-objective.ts'

/**
 * The reference's gate with separate projections and exemplars of each persona, written as ours: x̃ = (W_x h, V_x h, 0),
 * g̃ = (W_g g, 0, 60 · one-hot of k), ẽ = (0, V_e e, one-hot of its owner), so that x̃·g̃ and x̃·ẽ are the reference's logits and
 * another persona's exemplar weighs e⁻⁶⁰ of an own one.
 */
test('separate projections and own exemplars: objective and gradients', () => {
  const { hX, hG, two_level: two } = reference
  const [rank, inner, personas] = [2, 4, hG.length]
  const [d, dPrime] = [2 * rank + personas, inner + personas]
  const oneHot = (k: number, scale: number): number[] => hG.map((_, other) => (other === k ? scale : 0))
  const stacked = (
    parts: readonly { rows: readonly (readonly number[])[]; at: number }[],
    tail: boolean,
  ): Float64Array => {
    const weights = zeros(d, dPrime)
    for (const { rows, at } of parts) {
      for (const [r, row] of rows.entries()) weights.data.set(row, (at + r) * dPrime)
    }
    for (let k = 0; tail && k < personas; k += 1) weights.data[(2 * rank + k) * dPrime + inner + k] = 1
    return weights.data
  }
  const pairs = hX.flatMap((_, i) =>
    hG.flatMap((__, k) => two.hE[k]?.map((___, m) => [i, k, m] as const) ?? []),
  )
  const each = two.M * personas
  const gradient = {
    wx: new Float64Array(d * dPrime),
    wg: new Float64Array(d * dPrime),
    we: new Float64Array(d * dPrime),
    personaOffsets: new Float64Array(personas),
    exemplarOffsets: new Float64Array(each),
    logTemperatures: new Float64Array(personas),
  }
  const objective = createGateObjective({
    data: {
      inputs: Int32Array.from(hX, (_, i) => i),
      rowStart: Int32Array.from({ length: hX.length + 1 }, (_, i) => i * each),
      persona: Int32Array.from(pairs, ([, k]) => k),
      exemplar: Int32Array.from(pairs, ([, k, m]) => k * two.M + m),
      logLikelihood: Float64Array.from(pairs, ([i, k, m]) => two.logL[i]?.[k]?.[m] ?? Number.NaN),
    },
    hx: matrixFromRows(hX.map((row) => [...row, ...oneHot(-1, 0)])),
    hg: matrixFromRows(hG.map((row, k) => [...row, ...oneHot(k, 60)])),
    he: matrixFromRows(two.hE.flatMap((own, k) => own.map((row) => [...row, ...oneHot(k, 1)]))),
    temperatures: [1],
  })
  const { value } = objective.evaluate(
    {
      d,
      dPrime,
      wx: stacked(
        [
          { rows: two.Wx, at: 0 },
          { rows: two.Vx, at: rank },
        ],
        false,
      ),
      wg: stacked([{ rows: two.Wg, at: 0 }], true),
      we: stacked([{ rows: two.Ve, at: rank }], true),
      personaOffsets: new Float64Array(personas),
      exemplarOffsets: new Float64Array(each),
      logTemperatures: new Float64Array(personas),
    },
    noRegularisation,
    gradient,
  )
  expect(Math.abs(value / two.objective - 1)).toBeLessThan(1e-9)
  const expectBlock = (found: Float64Array, at: number, expected: readonly (readonly number[])[]): void => {
    for (const [r, row] of expected.entries()) {
      for (const [c, slope] of row.entries()) {
        const difference = Math.abs((found[(at + r) * dPrime + c] as number) - slope)
        expect(difference).toBeLessThan(1e-9 * Math.max(0.01, Math.abs(slope)))
      }
    }
  }
  expectBlock(gradient.wx, 0, two.grad_Wx)
  expectBlock(gradient.wx, rank, two.grad_Vx)
  expectBlock(gradient.wg, 0, two.grad_Wg)
  expectBlock(gradient.we, rank, two.grad_Ve)
})
