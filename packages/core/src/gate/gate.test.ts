import { expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { matrixFromRows, zeros } from '../numeric/matrix.ts'
import { constantGate } from './gate-parameters.ts'
import { exemplarScores, logExemplarWeights } from './log-exemplar-weights.ts'
import { logPersonaWeights } from './log-persona-weights.ts'
import { projectGate, projectInput } from './projected-gate.ts'
// Made for this project with PyTorch 1.13 in float64 (autograd, checked by central differences).
import oneLevel from './gate.reference.json' with { type: 'json' }
import twoLevel from './two-level-gate.reference.json' with { type: 'json' }

const { N, D, K, J, d } = twoLevel.shapes
const gate = projectGate(
  {
    d,
    dPrime: D,
    wx: Float64Array.from(twoLevel.Wx.flat()),
    wg: Float64Array.from(twoLevel.Wg.flat()),
    we: Float64Array.from(twoLevel.We.flat()),
    personaOffsets: new Float64Array(K),
    exemplarOffsets: new Float64Array(J),
    logTemperatures: new Float64Array(K),
  },
  matrixFromRows(twoLevel.hg),
  matrixFromRows(twoLevel.he),
)
const projected = twoLevel.hx.map((row) => projectInput(gate, Float64Array.from(row)))

function expectClose(found: ArrayLike<number>, expected: readonly number[]) {
  expect(found.length).toBe(expected.length)
  expected.forEach((value, index) => {
    expect(Math.abs((found[index] as number) - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)))
  })
}

test('π and Ω agree with the two-level reference', () => {
  expect(projected).toHaveLength(N)
  projected.forEach((input, i) => {
    expectClose(logPersonaWeights(gate, input), twoLevel.logPi[i] as number[])
    const scores = exemplarScores(gate, input)
    for (let k = 0; k < K; k++) {
      const expected = twoLevel.logOmega[i]?.[k] as number[]
      expectClose(logExemplarWeights(gate, input, k), expected)
      expectClose(logExemplarWeights(gate, input, k, { scores }), expected)
    }
  })
})

test('π agrees with the one-level reference at two scales', () => {
  for (const { Wx, Wg, pi } of oneLevel.cases) {
    const small = projectGate(
      {
        d: 2,
        dPrime: 4,
        wx: Float64Array.from(Wx.flat()),
        wg: Float64Array.from(Wg.flat()),
        we: new Float64Array(8),
        personaOffsets: new Float64Array(3),
        exemplarOffsets: new Float64Array(0),
        logTemperatures: new Float64Array(3),
      },
      matrixFromRows(oneLevel.hG),
      zeros(0, 4),
    )
    oneLevel.hX.forEach((row, i) => {
      const weights = logPersonaWeights(small, projectInput(small, Float64Array.from(row))).map(Math.exp)
      expectClose(weights, pi[i] as number[])
      expect(logExemplarWeights(small, Float64Array.of(0, 0), 0)).toHaveLength(0)
    })
  }
})

test('masked exemplars weigh nothing and the others keep their proportions', () => {
  const input = projected[0] as Float64Array
  const full = logExemplarWeights(gate, input, 1)
  const masked = logExemplarWeights(gate, input, 1, { masked: [2] })
  expect(masked[2]).toBe(-Infinity)
  expect(masked.map(Math.exp).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect((masked[0] as number) - (masked[1] as number)).toBeCloseTo(
    (full[0] as number) - (full[1] as number),
    12,
  )
})

test('with W = 0 the weights are the softmax of the offsets for every input', () => {
  const constant = projectGate(
    constantGate({
      d,
      dPrime: D,
      personaOffsets: Float64Array.of(0, Math.log(2), Math.log(5)),
      exemplarOffsets: Float64Array.of(0, 0, Math.log(2), 0),
      temperature: 0.6,
    }),
    matrixFromRows(twoLevel.hg),
    matrixFromRows(twoLevel.he),
  )
  for (const row of twoLevel.hx) {
    const input = projectInput(constant, Float64Array.from(row))
    expectClose(logPersonaWeights(constant, input).map(Math.exp), [1 / 8, 2 / 8, 5 / 8])
    expectClose(logExemplarWeights(constant, input, 2).map(Math.exp), [1 / 5, 1 / 5, 2 / 5, 1 / 5])
  }
  expectClose(constant.logTemperatures, [Math.log(0.6), Math.log(0.6), Math.log(0.6)])
})

test('a gate of exemplars only takes persona −1', () => {
  const exemplarsOnly = { ...gate, personas: zeros(0, d), personaOffsets: new Float64Array(0) }
  const input = projected[3] as Float64Array
  const weights = logExemplarWeights(exemplarsOnly, input, -1)
  const scores = exemplarScores(exemplarsOnly, input)
  expect((weights[1] as number) - (weights[0] as number)).toBeCloseTo(
    (scores[1] as number) - (scores[0] as number),
    12,
  )
  expect(logPersonaWeights(exemplarsOnly, input)).toHaveLength(0)
  expect(() => logExemplarWeights(gate, input, -1)).toThrow(InvalidArgumentError)
  expect(() => logExemplarWeights(gate, input, K)).toThrow(/below 3/)
})

test('vectors of another encoder are refused', () => {
  expect(() => projectInput(gate, new Float64Array(D + 1))).toThrow(/of length 5/)
  const parameters = constantGate({
    d: 1,
    dPrime: 2,
    personaOffsets: new Float64Array(1),
    exemplarOffsets: new Float64Array(0),
    temperature: 1,
  })
  expect(() => projectGate(parameters, zeros(1, 3), zeros(0, 2))).toThrow(/1 x 2; found 1 x 3/)
  expect(() => projectGate({ ...parameters, wx: new Float64Array(1) }, zeros(1, 2), zeros(0, 2))).toThrow(
    /`wx`/,
  )
})
