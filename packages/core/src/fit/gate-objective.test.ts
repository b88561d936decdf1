import { describe, expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
// Made for this project with PyTorch 1.13 in float64 (autograd, checked by central differences).
import oneLevel from '../gate/gate.reference.json' with { type: 'json' }
import twoLevel from '../gate/two-level-gate.reference.json' with { type: 'json' }
import type { GateParameters } from '../gate/gate-parameters.ts'
import { logExemplarWeights } from '../gate/log-exemplar-weights.ts'
import { logPersonaWeights } from '../gate/log-persona-weights.ts'
import { projectGate, projectInput } from '../gate/projected-gate.ts'
import { availableKernels } from '../numeric/kernel.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'
import { matrixFromRows, rowOf, zeros } from '../numeric/matrix.ts'
import { normal } from '../random/normal.ts'
import { createRandom } from '../random/random.ts'
import {
  createGateObjective,
  type GateGradient,
  type GateProblem,
  type GateRegularisation,
  noRegularisation,
} from './gate-objective.ts'

const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat())

function emptyGradient(parameters: GateParameters): GateGradient {
  const { wx, wg, we, personaOffsets, exemplarOffsets, logTemperatures } = parameters
  const like = (values: Float64Array) => new Float64Array(values.length).fill(NaN)
  return {
    wx: like(wx),
    wg: like(wg),
    we: like(we),
    personaOffsets: like(personaOffsets),
    exemplarOffsets: like(exemplarOffsets),
    logTemperatures: like(logTemperatures),
  }
}

function expectRelative(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9) {
  expect(found.length).toBe(expected.length)
  let scale = 0
  for (let index = 0; index < expected.length; index++) {
    scale = Math.max(scale, Math.abs(expected[index] as number))
  }
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((found[index] as number) - (expected[index] as number))
    expect(difference).toBeLessThanOrEqual(
      tolerance * Math.max(1e-3 * scale, Math.abs(expected[index] as number)),
    )
  }
}

function sparse(candidates: readonly (readonly (readonly number[])[])[]) {
  const all = candidates.flat()
  return {
    inputs: Int32Array.from(candidates, (_, i) => i),
    rowStart: Int32Array.from([0, ...candidates.map((_, i) => candidates.slice(0, i + 1).flat().length)]),
    persona: Int32Array.from(all, (pair) => pair[0] as number),
    exemplar: Int32Array.from(all, (pair) => pair[1] as number),
  }
}

describe.each(availableKernels())('references, %s', (kernel) => {
  test('two levels: objective, responsibilities, gradients', () => {
    const problem: GateProblem = {
      data: { ...sparse(twoLevel.candidates), logLikelihood: flat(twoLevel.logLikelihood) },
      hx: matrixFromRows(twoLevel.hx),
      hg: matrixFromRows(twoLevel.hg),
      he: matrixFromRows(twoLevel.he),
      temperatures: [1],
    }
    const parameters: GateParameters = {
      d: twoLevel.shapes.d,
      dPrime: twoLevel.shapes.D,
      wx: flat(twoLevel.Wx),
      wg: flat(twoLevel.Wg),
      we: flat(twoLevel.We),
      personaOffsets: new Float64Array(3),
      exemplarOffsets: new Float64Array(4),
      logTemperatures: new Float64Array(3),
    }
    const objective = createGateObjective(problem, { kernel })
    const gradient = emptyGradient(parameters)
    const { value, logLikelihood, penalty } = objective.evaluate(parameters, noRegularisation, gradient)
    expectRelative([value, logLikelihood], [twoLevel.objective, twoLevel.objective])
    expect(penalty).toBe(0)
    expectRelative(gradient.wx, flat(twoLevel.gradWx))
    expectRelative(gradient.wg, flat(twoLevel.gradWg))
    expectRelative(gradient.we, flat(twoLevel.gradWe))
    expect([...gradient.logTemperatures]).toEqual([0, 0, 0])
    const { responsibilities, logLikelihoods } = objective.posterior(parameters)
    expectRelative(responsibilities, flat(twoLevel.responsibilities))
    expect(logLikelihoods.reduce((a, b) => a + b, 0) / 7).toBeCloseTo(twoLevel.objective, 10)
  })

  test.each([0, -2000])('one level, likelihoods shifted by %d', (shift) => {
    const { hX, hG, logL } = oneLevel
    for (const { Wx, Wg, posterior, objective: expected, grad_Wx, grad_Wg } of oneLevel.cases) {
      const objective = createGateObjective(
        {
          data: {
            ...sparse(logL.map((row) => row.map((_, k) => [k, -1]))),
            logLikelihood: flat(logL).map((value) => value + shift),
          },
          hx: matrixFromRows(hX),
          hg: matrixFromRows(hG),
          he: zeros(0, 4),
          temperatures: [1],
        },
        { kernel },
      )
      const parameters: GateParameters = {
        d: 2,
        dPrime: 4,
        wx: flat(Wx),
        wg: flat(Wg),
        we: new Float64Array(8),
        personaOffsets: new Float64Array(3),
        exemplarOffsets: new Float64Array(0),
        logTemperatures: new Float64Array(3),
      }
      const gradient = emptyGradient(parameters)
      const { value } = objective.evaluate(parameters, noRegularisation, gradient)
      expectRelative([value - shift], [expected])
      expectRelative(gradient.wx, flat(grad_Wx))
      expectRelative(gradient.wg, flat(grad_Wg))
      expect([...gradient.we]).toEqual(Array(8).fill(0))
      expectRelative(objective.posterior(parameters).responsibilities, flat(posterior))
    }
    expect(oneLevel.case_shifted_by_minus_2000.objective).toBeCloseTo(
      (oneLevel.cases[0]?.objective ?? NaN) - 2000,
      9,
    )
  })

  test('the affine gate: intercepts are persona offsets', () => {
    const { B, c, objective: expected, grad_B, grad_c } = oneLevel.linear_gate
    // W_g h(g_k) = e_k and W_x = B make x̃·g̃_k the k-th row of B times h(x).
    const parameters: GateParameters = {
      d: 3,
      dPrime: 4,
      wx: flat(B),
      wg: flat([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ]),
      we: new Float64Array(12),
      personaOffsets: Float64Array.from(c),
      exemplarOffsets: new Float64Array(0),
      logTemperatures: new Float64Array(3),
    }
    const objective = createGateObjective(
      {
        data: {
          ...sparse(oneLevel.logL.map((row) => row.map((_, k) => [k, -1]))),
          logLikelihood: flat(oneLevel.logL),
        },
        hx: matrixFromRows(oneLevel.hX),
        hg: matrixFromRows([
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
        ]),
        he: zeros(0, 4),
        temperatures: [1],
      },
      { kernel },
    )
    const gradient = emptyGradient(parameters)
    expectRelative([objective.evaluate(parameters, noRegularisation, gradient).value], [expected])
    expectRelative(gradient.wx, flat(grad_B))
    expectRelative(gradient.personaOffsets, Float64Array.from(grad_c))
  })
})

/** A small problem with everything in it: shared inputs, offsets, masks, weights, temperatures, a −Infinity. */
function rich(options: { K?: number; J?: number; N?: number; scale?: number } = {}) {
  const { K = 3, J = 6, N = 12, scale = 0.7 } = options
  const random = createRandom('gate objective')
  const normals = (length: number, by: number) => Float64Array.from({ length }, () => by * normal(random))
  const [dPrime, d, U, T] = [5, 2, 5, 3]
  const rowStart = new Int32Array(N + 1)
  const persona: number[] = []
  const exemplar: number[] = []
  const masked: number[][] = []
  for (let i = 0; i < N; i++) {
    masked.push(J === 0 || i % 3 === 0 ? [] : i % 3 === 1 ? [i % J] : [(i + 1) % J, (i + 2) % J])
    const count = 2 + (i % 4)
    for (let c = 0; c < count; c++) {
      persona.push(K === 0 ? -1 : (i + 2 * c) % K)
      exemplar.push(J === 0 ? -1 : (i * 3 + c) % J)
    }
    rowStart[i + 1] = persona.length
  }
  const logLikelihood = normals(persona.length * T, 2).map((value) => value - 20)
  logLikelihood[7] = -Infinity
  const problem: GateProblem = {
    data: {
      inputs: Int32Array.from({ length: N }, (_, i) => (i * 2) % U),
      rowStart,
      persona: Int32Array.from(persona),
      exemplar: Int32Array.from(exemplar),
      logLikelihood,
      offset: normals(persona.length, 1).map(Math.abs),
      weights: Float64Array.from({ length: N }, (_, i) => (i === 4 ? 0 : 1 + (i % 3))),
      masked,
    },
    hx: { rows: U, columns: dPrime, data: normals(U * dPrime, 1) },
    hg: { rows: K, columns: dPrime, data: normals(K * dPrime, 1) },
    he: { rows: J, columns: dPrime, data: normals(J * dPrime, 1) },
    temperatures: [0.5, 1, 1.7],
  }
  const parameters: GateParameters = {
    d,
    dPrime,
    wx: normals(d * dPrime, scale),
    wg: normals(d * dPrime, scale),
    we: normals(d * dPrime, scale),
    personaOffsets: normals(K, 1),
    exemplarOffsets: normals(J, 1),
    logTemperatures: Float64Array.from({ length: Math.max(1, K) }, (_, k) => [-0.4, 0.3, 0.9][k] as number),
  }
  return { problem, parameters }
}

const regularisation: GateRegularisation = { projections: 0.03, temperatures: 0.2, logTemperature: -0.2 }

/** The objective by its definition, record by record, with the gate's own functions. */
function byDefinition({ data, hx, hg, he, temperatures }: GateProblem, parameters: GateParameters): number {
  const gate = projectGate(parameters, hg, he)
  let sum = 0
  let weightSum = 0
  data.inputs.forEach((input, i) => {
    const x = projectInput(gate, rowOf(hx, input))
    const personas = logPersonaWeights(gate, x)
    const terms: number[] = []
    for (let c = data.rowStart[i] as number; c < (data.rowStart[i + 1] as number); c++) {
      const [k, j] = [data.persona[c] as number, data.exemplar[c] as number]
      const at = temperatures.indexOf(Math.exp(parameters.logTemperatures[Math.max(0, k)] as number))
      const omega =
        j < 0 ? 0 : (logExemplarWeights(gate, x, k, { masked: data.masked?.[i] ?? [] })[j] as number)
      const likelihood = data.logLikelihood[c * temperatures.length + at] as number
      terms.push((k < 0 ? 0 : (personas[k] as number)) + omega + likelihood + (data.offset?.[c] ?? 0))
    }
    const weight = data.weights?.[i] ?? 1
    if (weight > 0) sum += weight * logSumExp(terms)
    weightSum += weight
  })
  return sum / weightSum
}

describe.each([
  ['personas and exemplars', {}],
  ['no exemplars', { J: 0 }],
  ['no personas', { K: 0 }],
  ['many exemplars', { J: 40, N: 30 }],
  ['sharp gate: sums of products underflow', { scale: 30, J: 9 }],
])('%s', (_name, options) => {
  test('agrees with the definition at temperatures of the grid', () => {
    const { problem, parameters } = rich(options)
    const onGrid = { ...parameters, logTemperatures: parameters.logTemperatures.map(() => Math.log(0.5)) }
    const { logLikelihood } = createGateObjective(problem).evaluate(onGrid, noRegularisation)
    expectRelative([logLikelihood], [byDefinition(problem, onGrid)], 1e-11)
  })

  test('gradients agree with central differences', () => {
    const { problem, parameters } = rich(options)
    const objective = createGateObjective(problem)
    const gradient = emptyGradient(parameters)
    objective.evaluate(parameters, regularisation, gradient)
    for (const name of Object.keys(gradient) as (keyof GateGradient)[]) {
      const values = parameters[name]
      const numeric = values.map((value, index) => {
        const step = 1e-5
        values[index] = value + step
        const above = objective.evaluate(parameters, regularisation).value
        values[index] = value - step
        const below = objective.evaluate(parameters, regularisation).value
        values[index] = value
        return (above - below) / (2 * step)
      })
      const scale = Math.max(1, ...numeric.map(Math.abs))
      numeric.forEach((expected, index) => {
        expect(Math.abs((gradient[name][index] as number) - expected)).toBeLessThan(2e-6 * scale)
      })
    }
  })

  test('responsibilities are a posterior over each record’s candidates', () => {
    const { problem, parameters } = rich(options)
    const { responsibilities } = createGateObjective(problem).posterior(parameters)
    problem.data.inputs.forEach((_, i) => {
      const of = responsibilities.subarray(problem.data.rowStart[i], problem.data.rowStart[i + 1])
      expect(of.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    })
  })
})

test('a mask that hides nearly all the weight loses no digits', () => {
  const { problem, parameters } = rich()
  // Exemplar 1 takes all but e⁻⁴⁰ of Ω, and is hidden from the records.
  parameters.exemplarOffsets[1] = 40
  const hidden = problem.data.masked?.map(() => [1]) ?? []
  const exemplar = problem.data.exemplar.map((j) => (j === 1 ? 2 : j))
  const masked = { ...problem, data: { ...problem.data, exemplar, masked: hidden } }
  const flatGate = { ...parameters, exemplarOffsets: parameters.exemplarOffsets.slice() }
  flatGate.exemplarOffsets[1] = -1
  const one = emptyGradient(parameters)
  const other = emptyGradient(parameters)
  const a = createGateObjective(masked).evaluate(parameters, noRegularisation, one)
  const b = createGateObjective(masked).evaluate(flatGate, noRegularisation, other)
  expectRelative([a.value], [b.value], 1e-12)
  for (const name of ['wx', 'wg', 'we', 'exemplarOffsets'] as const)
    expectRelative(one[name], other[name], 1e-9)
})

test('translating logits or the likelihoods of a record changes nothing but the constant', () => {
  const { problem, parameters } = rich()
  const value = createGateObjective(problem).evaluate(parameters, noRegularisation).value
  const moved = {
    ...parameters,
    personaOffsets: parameters.personaOffsets.map((a) => a + 3),
    exemplarOffsets: parameters.exemplarOffsets.map((b) => b - 700),
  }
  expect(createGateObjective(problem).evaluate(moved, noRegularisation).value).toBeCloseTo(value, 11)
  const shifted = {
    ...problem,
    data: { ...problem.data, logLikelihood: problem.data.logLikelihood.map((l) => l - 5000) },
  }
  expect(createGateObjective(shifted).evaluate(parameters, noRegularisation).value + 5000).toBeCloseTo(
    value,
    9,
  )
})

test('the order of records does not matter', () => {
  const { problem, parameters } = rich()
  const { data } = problem
  const order = Array.from(data.inputs.keys()).reverse()
  const ranges = order.map((i) => [data.rowStart[i] as number, data.rowStart[i + 1] as number] as const)
  const pick = (values: Int32Array | Float64Array, width = 1) =>
    ranges.flatMap(([from, to]) => [...values.subarray(from * width, to * width)])
  let at = 0
  const reversed = {
    ...problem,
    data: {
      inputs: Int32Array.from(order, (i) => data.inputs[i] as number),
      rowStart: Int32Array.from([0, ...ranges.map(([from, to]) => (at += to - from))]),
      persona: Int32Array.from(pick(data.persona)),
      exemplar: Int32Array.from(pick(data.exemplar)),
      logLikelihood: Float64Array.from(pick(data.logLikelihood, 3)),
      offset: Float64Array.from(pick(data.offset ?? new Float64Array(0))),
      weights: order.map((i) => data.weights?.[i] ?? 1),
      masked: order.map((i) => data.masked?.[i] ?? []),
    },
  }
  const one = emptyGradient(parameters)
  const other = emptyGradient(parameters)
  const a = createGateObjective(problem).evaluate(parameters, regularisation, one)
  const b = createGateObjective(reversed).evaluate(parameters, regularisation, other)
  expectRelative([b.value], [a.value], 1e-12)
  expectRelative(other.we, one.we, 1e-10)
})

test('with W = 0 the objective is that of the constant gate', () => {
  const { problem, parameters } = rich()
  const zero = new Float64Array(parameters.wx.length)
  const constant = { ...parameters, wx: zero, wg: zero, we: zero }
  const sameInput = {
    ...problem,
    data: { ...problem.data, inputs: problem.data.inputs.map(() => 0) },
  }
  expect(createGateObjective(problem).evaluate(constant, noRegularisation).value).toBeCloseTo(
    createGateObjective(sameInput).evaluate(constant, noRegularisation).value,
    12,
  )
})

test('inputs that no record has, and their order, do not matter', () => {
  const { problem, parameters } = rich()
  const one = emptyGradient(parameters)
  const other = emptyGradient(parameters)
  const a = createGateObjective(problem).evaluate(parameters, regularisation, one)
  const { rows, columns, data } = problem.hx
  const padded = new Float64Array((rows + 3) * columns).fill(7)
  padded.set(data, 2 * columns)
  const b = createGateObjective({
    ...problem,
    hx: { rows: rows + 3, columns, data: padded },
    data: { ...problem.data, inputs: problem.data.inputs.map((input) => input + 2) },
  }).evaluate(parameters, regularisation, other)
  expect(b).toEqual(a)
  expect(other).toEqual(one)
})

test.each([
  ['personas and exemplars', {}],
  ['no exemplars', { J: 0 }],
  ['no personas', { K: 0 }],
  ['many exemplars', { J: 40, N: 30 }],
  ['sharp gate: sums of products underflow', { scale: 10, J: 9 }],
])('float32 agrees to six digits: %s', (_name, options) => {
  const { problem, parameters } = rich(options)
  const one = emptyGradient(parameters)
  const other = emptyGradient(parameters)
  const a = createGateObjective(problem).evaluate(parameters, regularisation, one)
  const b = createGateObjective(problem, { single: true }).evaluate(parameters, regularisation, other)
  expectRelative([b.value], [a.value], 1e-5)
  for (const name of Object.keys(one) as (keyof GateGradient)[]) {
    const scale = Math.max(1e-3, ...one[name].map(Math.abs))
    one[name].forEach((slope, at) => {
      expect(Math.abs((other[name][at] as number) - slope)).toBeLessThan(2e-5 * scale)
    })
  }
})

test('batches that make up all inputs average to the whole', () => {
  const { problem, parameters } = rich()
  const objective = createGateObjective(problem)
  expect(objective.inputs).toBe(5)
  const whole = emptyGradient(parameters)
  const { value, penalty } = objective.evaluate(parameters, regularisation, whole)
  const parts = [[2, 4], [0], [3, 1]].map((inputs) => {
    const gradient = emptyGradient(parameters)
    const found = objective.evaluate(parameters, regularisation, gradient, Int32Array.from(inputs))
    expect(found.penalty).toBe(penalty)
    return { share: inputs.length / 5, value: found.value, gradient }
  })
  const average = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part) => sum + part.share * of(part), 0)
  expectRelative([average((part) => part.value)], [value], 1e-12)
  for (const name of Object.keys(whole) as (keyof GateGradient)[]) {
    const averaged = whole[name].map((_, at) => average(({ gradient }) => gradient[name][at] as number))
    expectRelative(averaged, whole[name], 1e-10)
  }
})

test('few of the personas among the candidates: dot products instead of matrix products', () => {
  const { problem, parameters } = rich({ N: 5 })
  const hg = { rows: 60, columns: 5, data: Float64Array.from({ length: 300 }, (_, at) => Math.sin(at)) }
  const many = {
    ...parameters,
    personaOffsets: new Float64Array(60),
    logTemperatures: new Float64Array(60).fill(Math.log(0.5)),
  }
  const sparseProblem = { ...problem, hg }
  expectRelative(
    [createGateObjective(sparseProblem).evaluate(many, noRegularisation).logLikelihood],
    [byDefinition(sparseProblem, many)],
    1e-11,
  )
})

test('a record that nothing explains is named', () => {
  const { problem, parameters } = rich()
  const logLikelihood = problem.data.logLikelihood.slice()
  const [from, to] = [problem.data.rowStart[3] as number, problem.data.rowStart[4] as number]
  logLikelihood.fill(-Infinity, from * 3, to * 3)
  const recordIds = Array.from(problem.data.inputs, (_, i) => `r${i}`)
  const objective = createGateObjective({ ...problem, data: { ...problem.data, logLikelihood, recordIds } })
  expect(() => objective.evaluate(parameters, noRegularisation)).toThrow(UnexplainedRecordError)
  expect(() => objective.evaluate(parameters, noRegularisation)).toThrow(
    /Record r3 .* all of its 5 candidates/,
  )
})

test('malformed data are refused', () => {
  const { problem, parameters } = rich()
  const wrong = (data: Partial<GateProblem['data']>) => () =>
    createGateObjective({ ...problem, data: { ...problem.data, ...data } })
  expect(wrong({ rowStart: new Int32Array(3) })).toThrow(/`rowStart` must be of length 13/)
  expect(wrong({ persona: problem.data.persona.map(() => 3) })).toThrow(/an index from 0 to 2; found 3/)
  expect(wrong({ exemplar: problem.data.exemplar.map(() => -1) })).toThrow(InvalidArgumentError)
  expect(wrong({ logLikelihood: problem.data.logLikelihood.map(() => NaN) })).toThrow(/logLikelihood\[0\]/)
  expect(wrong({ masked: Array(12).fill([6]) })).toThrow(/masked\[0\]/)
  const descending = problem.data.rowStart.slice()
  descending[1] = 40
  expect(wrong({ rowStart: descending })).toThrow(/rowStart\[2\]/)
  expect(wrong({ weights: problem.data.inputs.map(() => 0) })).toThrow(/positive somewhere/)
  expect(() => createGateObjective({ ...problem, temperatures: [1, 0.5, 2] })).toThrow(/above the one before/)
  const objective = createGateObjective(problem)
  expect(() => objective.evaluate({ ...parameters, dPrime: 6 }, noRegularisation)).toThrow(
    InvalidArgumentError,
  )
})
