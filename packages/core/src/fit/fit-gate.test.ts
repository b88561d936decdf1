import { describe, expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { matrix, rowOf } from '../numeric/matrix.ts'
import { softmax } from '../numeric/softmax.ts'
import { categorical } from '../random/categorical.ts'
import { normal } from '../random/normal.ts'
import { createRandom } from '../random/random.ts'
import { fitGate, type GateFitProblem } from './fit-gate.ts'
import type { GateData } from './gate-data.ts'
import { createGateObjective, noRegularisation } from './gate-objective.ts'

interface Options {
  readonly K?: number
  readonly J?: number
  /** Scale of the true logits: 0 makes the true gate constant. */
  readonly strength: number
  readonly records?: number
  /** Distinct ones. */
  readonly inputs?: number
  /** log τ at which each persona's likelihood peaks, where it is scored at several temperatures. */
  readonly peaks?: readonly number[]
}

/** Every component is a candidate; responses come from a true gate that is bilinear in random unit embeddings. */
function population({
  K = 4,
  J = 0,
  strength,
  records = 400,
  inputs = 60,
  peaks,
}: Options): GateFitProblem & { test: GateData } {
  const random = createRandom(`population ${K} ${J}`)
  const dimension = 8
  const units = (rows: number) => {
    const result = matrix(rows, dimension, new Float64Array(rows * dimension))
    for (let row = 0; row < rows; row++) {
      const vector = Float64Array.from({ length: dimension }, () => normal(random))
      const norm = Math.hypot(...vector)
      rowOf(result, row).set(vector.map((value) => value / norm))
    }
    return result
  }
  const [hx, hg, he] = [units(inputs), units(K), units(J)]
  const logits = (side: typeof hg) =>
    Float64Array.from({ length: inputs * side.rows }, (_, index) => {
      const [u, row] = [Math.floor(index / side.rows), index % side.rows]
      // Similarity in the first half of the space, dissimilarity in the second.
      let sum = 0
      for (let at = 0; at < dimension; at++) {
        const product = (rowOf(hx, u)[at] as number) * (rowOf(side, row)[at] as number)
        sum += at < dimension / 2 ? product : -product
      }
      return strength * sum
    })
  const [personaLogits, exemplarLogits] = [logits(hg), logits(he)]
  const components = Math.max(1, K) * Math.max(1, J)
  const temperatures = peaks === undefined ? [1] : [0.5, 1, 2]
  const part = (count: number): GateData => {
    const logLikelihood: number[] = []
    const inputOf = Int32Array.from({ length: count }, (_, i) => i % inputs)
    for (const u of inputOf) {
      const k = K === 0 ? 0 : categorical(random, softmax(personaLogits.subarray(u * K, u * K + K)))
      const j = J === 0 ? 0 : categorical(random, softmax(exemplarLogits.subarray(u * J, u * J + J)))
      for (let component = 0; component < components; component++) {
        const [ck, cj] = [Math.floor(component / Math.max(1, J)), component % Math.max(1, J)]
        const value = -20 + normal(random) + (ck === k ? 3 : 0) + (cj === j ? 3 : 0)
        for (const temperature of temperatures) {
          logLikelihood.push(value - 4 * (Math.log(temperature) - (peaks?.[ck] ?? 0)) ** 2)
        }
      }
    }
    const all = Array.from({ length: count * components }, (_, index) => index % components)
    return {
      inputs: inputOf,
      rowStart: Int32Array.from({ length: count + 1 }, (_, i) => i * components),
      persona: Int32Array.from(all, (c) => (K === 0 ? -1 : Math.floor(c / Math.max(1, J)))),
      exemplar: Int32Array.from(all, (c) => (J === 0 ? -1 : c % J)),
      logLikelihood: Float64Array.from(logLikelihood),
    }
  }
  return {
    train: part(records),
    validation: part(200),
    test: part(400),
    hx,
    hg,
    he,
    temperatures,
    personaOffsets: new Float64Array(K).fill(-Math.log(Math.max(1, K))),
    exemplarOffsets: new Float64Array(J).fill(-Math.log(Math.max(1, J))),
    temperature: 1,
  }
}

function heldOut(
  problem: GateFitProblem & { test: GateData },
  parameters: Awaited<ReturnType<typeof fitGate>>['parameters'],
) {
  return createGateObjective({ ...problem, data: problem.test }).evaluate(parameters, noRegularisation)
    .logLikelihood
}

describe.each([
  ['personas', { K: 5 }],
  ['exemplars', { K: 0, J: 6 }],
  ['personas and exemplars', { K: 3, J: 4 }],
])('%s', (_name, sizes) => {
  const problem = population({ ...sizes, strength: 5 })

  test('a gate that depends on the input is found and generalises', async () => {
    const fitted = await fitGate(problem, { seed: 1, rank: 6 })
    const none = population({ ...sizes, strength: 5 })
    const constant = await fitGate(none, { seed: 1, rank: 6, regularisation: [1e6], restarts: 1 })
    expect(constant.chosen).toBe('constant')
    expect(fitted.chosen).toBe('contextual')
    expect(fitted.validation).toBeGreaterThan(fitted.constantValidation + 0.1)
    expect(heldOut(problem, fitted.parameters)).toBeGreaterThan(heldOut(problem, constant.parameters) + 0.1)
    const judged = createGateObjective({ ...problem, data: problem.validation })
    expect(judged.evaluate(fitted.parameters, noRegularisation).logLikelihood).toBeCloseTo(
      fitted.validation,
      10,
    )
    expect(fitted.path.length).toBeGreaterThan(3)
    expect(fitted.path.some(({ regularisation }) => regularisation === fitted.regularisation)).toBe(true)
  })

  test('the same seed gives the same gate', async () => {
    const options = { seed: 'x', rank: 3, restarts: 3, maxIterations: 5 }
    expect(await fitGate(problem, options)).toEqual(await fitGate(problem, options))
  })
})

test('where the true gate is constant, the result is never worse than it on validation and hardly on new records', async () => {
  const problem = population({ K: 5, strength: 0, records: 100 })
  const fitted = await fitGate(problem, { seed: 2 })
  expect(fitted.validation).toBeGreaterThanOrEqual(fitted.constantValidation)
  const constant = await fitGate(problem, { seed: 2, regularisation: [1e6], restarts: 1 })
  expect(heldOut(problem, fitted.parameters)).toBeGreaterThan(heldOut(problem, constant.parameters) - 0.05)
})

test('a λ above the largest eigenvalue at W = 0 keeps the constant gate, which then is returned exactly', async () => {
  const problem = population({ K: 4, strength: 5 })
  const fitted = await fitGate(problem, { seed: 3, regularisation: [100], restarts: 1 })
  expect(fitted.chosen).toBe('constant')
  expect(fitted.regularisation).toBe(100)
  expect(fitted.parameters.wx.every((value) => value === 0)).toBe(true)
  expect(fitted.validation).toBe(fitted.constantValidation)
})

test('temperatures move towards where each persona’s likelihood peaks, and stay in the grid', async () => {
  const problem = population({ K: 3, strength: 4, peaks: [-0.5, 0, 0.9] })
  const { parameters } = await fitGate(problem, {
    seed: 4,
    rank: 3,
    restarts: 1,
    temperatureRegularisation: 1e-4,
  })
  const [first = NaN, second = NaN, third = NaN] = parameters.logTemperatures
  expect(first).toBeLessThan(-0.2)
  expect(Math.abs(second)).toBeLessThan(0.2)
  expect(third).toBeGreaterThan(0.3)
  expect(third).toBeLessThanOrEqual(Math.log(2))
})

test('reports progress to its end, and stops when aborted', async () => {
  const problem = population({ K: 3, strength: 3, records: 60 })
  const seen: [number, number][] = []
  await fitGate(problem, { seed: 5, rank: 2, onProgress: (done, total) => seen.push([done, total]) })
  expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1])
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b))
  const controller = new AbortController()
  const aborted = fitGate(problem, {
    seed: 5,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  })
  await expect(aborted).rejects.toThrow('enough')
  const timed = new AbortController()
  setTimeout(() => timed.abort(new Error('a key was pressed')), 1)
  await expect(fitGate(problem, { seed: 5, signal: timed.signal })).rejects.toThrow('a key was pressed')
})

describe('by batches', () => {
  const search = 'batches' as const
  const problem = population({ K: 3, J: 4, strength: 5, inputs: 1200, records: 1200 })

  test('a gate that depends on the input is found, generalises, and is near what the path finds', async () => {
    const fitted = await fitGate(problem, { seed: 1, rank: 6, search })
    const along = await fitGate(problem, { seed: 1, rank: 6, search: 'path' })
    expect(fitted.chosen).toBe('contextual')
    expect(fitted.validation).toBeGreaterThan(fitted.constantValidation + 0.1)
    const [found, best] = [fitted, along].map(({ parameters }) => heldOut(problem, parameters)) as [
      number,
      number,
    ]
    expect(found).toBeGreaterThan(best - 0.1 * (along.validation - along.constantValidation))
    const judged = createGateObjective({ ...problem, data: problem.validation })
    expect(judged.evaluate(fitted.parameters, noRegularisation).logLikelihood).toBeCloseTo(
      fitted.validation,
      10,
    )
    expect(fitted.regularisation).toBe(0)
  })

  test('the same seed gives the same gate, another seed another', async () => {
    const options = { seed: 'x', rank: 3, search }
    const first = await fitGate(problem, options)
    expect(await fitGate(problem, options)).toEqual(first)
    expect((await fitGate(problem, { ...options, seed: 'y' })).parameters.wx).not.toEqual(first.parameters.wx)
  })

  test('a true gate that is constant is returned exactly', async () => {
    const none = population({ K: 5, strength: 0, records: 100 })
    const fitted = await fitGate(none, { seed: 2, search })
    expect(fitted.chosen).toBe('constant')
    expect(fitted.parameters.wx.every((value) => value === 0)).toBe(true)
    expect(fitted.validation).toBe(fitted.constantValidation)
  })

  test('temperatures move towards where each persona’s likelihood peaks', async () => {
    const peaked = population({ K: 3, strength: 4, peaks: [-0.5, 0, 0.9] })
    const options = { seed: 4, rank: 3, search, temperatureRegularisation: 1e-4 }
    const [first = NaN, second = NaN, third = NaN] = (await fitGate(peaked, options)).parameters
      .logTemperatures
    expect(first).toBeLessThan(-0.2)
    expect(Math.abs(second)).toBeLessThan(0.2)
    expect(third).toBeGreaterThan(0.3)
    expect(third).toBeLessThanOrEqual(Math.log(2))
  })

  test('the length of the encodings does not matter', async () => {
    const longer = (side: GateFitProblem['hx']) => ({ ...side, data: side.data.map((value) => 8 * value) })
    const { hx, hg, he } = problem
    const long = { ...problem, hx: longer(hx), hg: longer(hg), he: longer(he) }
    const [one, other] = [problem, long].map((of) => fitGate(of, { seed: 6, rank: 4, search }))
    expect((await other)?.validation).toBeCloseTo((await one)?.validation ?? NaN, 4)
  })

  test('is the default from 2,000 distinct inputs on, where no option of the path is given', async () => {
    const searched = async (inputs: number, options: object = {}) => {
      const large = population({ K: 2, strength: 5, inputs, records: 2000 })
      return (await fitGate(large, { seed: 7, rank: 1, ...options })).regularisation === 0
        ? 'batches'
        : 'path'
    }
    expect(await searched(2000)).toBe('batches')
    expect(await searched(2000, { restarts: 1 })).toBe('path')
    expect(await searched(1999)).toBe('path')
  })

  test('progress comes to its end, and an abort stops it', async () => {
    const seen: [number, number][] = []
    await fitGate(problem, {
      seed: 5,
      rank: 2,
      search,
      onProgress: (done, total) => seen.push([done, total]),
    })
    expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1])
    const controller = new AbortController()
    const onProgress = () => controller.abort(new Error('enough'))
    await expect(
      fitGate(problem, { seed: 5, search, signal: controller.signal, onProgress }),
    ).rejects.toThrow('enough')
  })
})

test('a rank that is no positive integer is refused', async () => {
  await expect(fitGate(population({ strength: 1, records: 20 }), { seed: 1, rank: 0 })).rejects.toThrow(
    InvalidArgumentError,
  )
})
