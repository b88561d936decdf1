import { describe, expect, test } from 'vitest'
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import { availableKernels } from '../numeric/kernel.ts'
import { matrixFromRows, type Matrix } from '../numeric/matrix.ts'
import { solveConstantMixture } from './constant-mixture.ts'
import reference from './constant-mixture.reference.json' with { type: 'json' }

interface Case {
  kind: string
  seed: number
  N: number
  C: number
  objective_mean_loglik: number
  weights: number[]
  first_rows_logL: number[][]
  logL_sum: number
}

/** The reference's table generator: mulberry32, and sums of twelve uniforms for normals. */
function referenceTable({ kind, seed, N, C }: Case): Matrix {
  let state = seed | 0
  const u = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const z = () => {
    let sum = 0
    for (let index = 0; index < 12; index++) sum += u()
    return sum - 6
  }
  const data = new Float64Array(N * C)
  for (let row = 0; row < N; row++) {
    if (kind === 'iid') {
      for (let k = 0; k < C; k++) data[row * C + k] = 1.5 * z() - 40
    } else if (kind === 'gauss') {
      const x = 3 * z()
      for (let k = 0; k < C; k++) {
        const centre = -8 + (16 * k) / (C - 1)
        data[row * C + k] = -0.5 * (x - centre) ** 2 - 0.9189385332046727
      }
    } else {
      const drawn = u()
      const t = Math.floor(C * drawn * drawn)
      const r = -900 + 50 * z()
      for (let k = 0; k < C; k++) data[row * C + k] = r + 4 * z() + (k === t ? 6 : 0)
    }
  }
  return { rows: N, columns: C, data }
}

describe('reference cases', () => {
  test.each(Object.entries(reference.cases as Record<string, Case>))('%s', (_name, expected) => {
    const table = referenceTable(expected)
    for (let row = 0; row < 2; row++) {
      expected.first_rows_logL[row]?.forEach((value, k) => {
        expect(table.data[row * expected.C + k]).toBeCloseTo(value, 9)
      })
    }
    const sum = table.data.reduce((a, b) => a + b, 0)
    expect(Math.abs(sum / expected.logL_sum - 1)).toBeLessThan(1e-12)

    const result = solveConstantMixture(table)
    expect(Math.abs(result.objective - expected.objective_mean_loglik)).toBeLessThan(1e-9)
    expect(result.gap).toBeLessThan(1e-9)
    expect(result.converged).toBe(true)
    expect(result.iterations).toBeLessThan(40)
    expect(result.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    if (expected.kind !== 'gauss') {
      expected.weights.forEach((weight, k) => expect(result.weights[k]).toBeCloseTo(weight, 6))
    }
  })
})

const three = matrixFromRows([
  [-1, -3, -2],
  [-4, -1, -2],
  [-3, -1, -1.5],
  [-1, -2, -4],
])

test('one component takes all the weight', () => {
  const result = solveConstantMixture(matrixFromRows([[-5], [-900]]))
  expect([...result.weights]).toEqual([1])
  expect(result.objective).toBeCloseTo(-452.5, 12)
  expect(result.gap).toBeLessThan(1e-12)
})

test('records of zero weight count for nothing, even unexplained ones; integer weights are repetition', () => {
  const weighted = solveConstantMixture(
    matrixFromRows([
      [-1, -3],
      [-2, -1],
      [-Infinity, -Infinity],
    ]),
    { weights: [2, 3, 0] },
  )
  const repeated = solveConstantMixture(
    matrixFromRows([
      [-1, -3],
      [-1, -3],
      [-2, -1],
      [-2, -1],
      [-2, -1],
    ]),
  )
  expect(weighted.objective).toBeCloseTo(repeated.objective, 12)
  expect(weighted.weights[0]).toBeCloseTo(repeated.weights[0] as number, 7)
})

test('components that explain nothing, and duplicates of one another', () => {
  const withDead = matrixFromRows(
    Array.from({ length: 4 }, (_, i) => [...three.data.subarray(3 * i, 3 * i + 3), -Infinity]),
  )
  const dead = solveConstantMixture(withDead)
  const plain = solveConstantMixture(three)
  expect(dead.objective).toBeCloseTo(plain.objective, 9)
  expect(dead.weights[3]).toBeLessThan(1e-8)

  const twice = matrixFromRows(
    Array.from({ length: 4 }, (_, i) => {
      const row = [...three.data.subarray(3 * i, 3 * i + 3)]
      return [...row, row[0] as number]
    }),
  )
  const duplicated = solveConstantMixture(twice)
  expect(duplicated.objective).toBeCloseTo(plain.objective, 9)
  expect(duplicated.gap).toBeLessThan(1e-9)
  expect((duplicated.weights[0] as number) + (duplicated.weights[3] as number)).toBeCloseTo(
    plain.weights[0] as number,
    6,
  )
})

test('a Dirichlet prior is the mode of counts and pseudo-counts where components are certain', () => {
  const certain = matrixFromRows([
    [0, -Infinity, -Infinity],
    [0, -Infinity, -Infinity],
    [-Infinity, 0, -Infinity],
  ])
  const result = solveConstantMixture(certain, { prior: [2, 2, 3] })
  // (2 + 1, 1 + 1, 0 + 2) / 7
  expect(result.weights[0]).toBeCloseTo(3 / 7, 8)
  expect(result.weights[1]).toBeCloseTo(2 / 7, 8)
  expect(result.weights[2]).toBeCloseTo(2 / 7, 8)
  expect(result.gap).toBeLessThan(1e-9)
})

test('an unexplained record is named', () => {
  const table = matrixFromRows([
    [-1, -2],
    [-Infinity, -Infinity],
  ])
  expect(() => solveConstantMixture(table, { recordIds: ['a', 'b'] })).toThrow(/Record b /)
  try {
    solveConstantMixture(table)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(UnexplainedRecordError)
    expect((error as UnexplainedRecordError).record).toBe('1')
  }
})

test('values outside the domain are refused', () => {
  expect(() => solveConstantMixture(matrixFromRows([[NaN, 0]]))).toThrow(InvalidArgumentError)
  expect(() => solveConstantMixture(matrixFromRows([[Infinity, 0]]))).toThrow(InvalidArgumentError)
  expect(() => solveConstantMixture(three, { weights: [1] })).toThrow(/of length 4/)
  expect(() => solveConstantMixture(three, { weights: [0, 0, 0, 0] })).toThrow(/positive somewhere/)
  expect(() => solveConstantMixture(three, { prior: 0.5 })).toThrow(/at least 1/)
})

test('the kernels agree', () => {
  const table = referenceTable({ ...(Object.values(reference.cases)[0] as Case), kind: 'iid', N: 700, C: 29 })
  const [fastest, ...others] = availableKernels().map((kernel) => solveConstantMixture(table, { kernel }))
  for (const other of others) {
    expect(other.objective).toBeCloseTo((fastest as typeof other).objective, 12)
    other.weights.forEach((weight, k) => expect(weight).toBeCloseTo(fastest?.weights[k] as number, 7))
  }
})

/** max_k (1/N) Σ_i L_ik / (Lw)_i − 1, as the definition says. */
function gapOf({ rows, columns, data }: Matrix, weights: Float64Array): number {
  const slopes = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    const likelihood = data.subarray(row * columns, (row + 1) * columns).map(Math.exp)
    const density = likelihood.reduce((sum, value, k) => sum + value * (weights[k] as number), 0)
    likelihood.forEach((value, k) => {
      slopes[k] = (slopes[k] as number) + value / density / rows
    })
  }
  return Math.max(...slopes) - 1
}

describe('many records, of which some are solved first', () => {
  const rows = 40_000

  test('sorted records in thousands are the few records they repeat', () => {
    const few = referenceTable({ ...(Object.values(reference.cases)[0] as Case), kind: 'gauss', N: 40, C: 6 })
    const data = new Float64Array(rows * 6)
    for (let row = 0; row < rows; row++) {
      const repeated = Math.floor(row / 1000)
      data.set(few.data.subarray(repeated * 6, repeated * 6 + 6), row * 6)
    }
    const all = solveConstantMixture({ rows, columns: 6, data })
    const repeated = solveConstantMixture(few)
    expect(all.converged).toBe(true)
    expect(all.objective).toBeCloseTo(repeated.objective, 8)
    expect(gapOf({ rows, columns: 6, data }, all.weights)).toBeLessThan(2e-9)
  })

  test('a component that a few records need, all of them near one another', () => {
    const { data } = referenceTable({
      ...(Object.values(reference.cases)[0] as Case),
      kind: 'iid',
      N: rows,
      C: 5,
    })
    for (let row = 0; row < rows; row++) {
      const lonely = row >= 200 && row < 210
      for (let k = 0; k < 4; k++) data[row * 5 + k] = lonely ? -Infinity : (data[row * 5 + k] as number) + 40
      data[row * 5 + 4] = lonely ? -3 : -Infinity
    }
    const result = solveConstantMixture({ rows, columns: 5, data }, { tolerance: 1e-7 })
    expect(result.converged).toBe(true)
    expect(result.weights[4]).toBeCloseTo(10 / rows, 9)
    expect(gapOf({ rows, columns: 5, data }, result.weights)).toBeLessThan(2e-7)
  })
})
