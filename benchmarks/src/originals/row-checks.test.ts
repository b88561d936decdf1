import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createArrayFiles, writeArray } from './array-files.ts'
import {
  agreeingValue,
  certificate,
  certifiedWeights,
  clusteringObjective,
  equalGradient,
  noHigherValue,
  sameClustering,
  soonerBest,
} from './row-checks.ts'
import type { Measured } from './run-side.ts'

const folder = mkdtempSync(join(tmpdir(), 'row-checks-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const side = (value: number, vector?: readonly number[]): Measured => ({
  seconds: 2,
  processor: 2,
  peakMb: 1,
  value,
  ...(vector === undefined ? {} : { vector: Float64Array.from(vector) }),
})
const noFiles = { folder, sizes: {} }

it('values agree within a tolerance', () => {
  const check = agreeingValue(1e-3)
  expect(check(side(100.05), side(100), noFiles)).toMatch(/^ok: values 5.0e-4 apart/)
  expect(check(side(101), side(100), noFiles)).toMatch(/^NO/)
  const own = side(100)
  expect(check(own, own, noFiles)).toBe('')
})

it('a value may be lower than the other’s, and higher within a tolerance', () => {
  const check = noHigherValue(0.02)
  expect(check(side(100), side(101), noFiles)).toBe('ok: ours 1.0100 of this value')
  expect(check(side(100), side(50), noFiles)).toMatch(/^ok/)
  expect(check(side(100), side(103), noFiles)).toMatch(/^NO/)
})

describe('the certificate of mixture weights', () => {
  // Each record has one component: the optimum is the share of each, here a half.
  const table = Float64Array.from([-3, -Infinity, -Infinity, -800])

  it('is 0 at the optimum and the steepest slope less 1 elsewhere', () => {
    expect(certificate(table, [0.5, 0.5])).toBeCloseTo(0, 14)
    expect(certificate(table, [0.75, 0.25])).toBeCloseTo(1, 14)
    expect(certificate(table, [3, 1])).toBeCloseTo(1, 14)
  })

  it('is refused above the tolerance, and where there are no weights', () => {
    const files = createArrayFiles(folder, { components: 2 })
    writeArray(files, 'log-likelihood.f64', table)
    const check = certifiedWeights(1e-6)
    expect(check(side(0, [0.5, 0.5]), undefined, files)).toMatch(/^ok: gap/)
    expect(check(side(0, [0.5001, 0.4999]), undefined, files)).toBe('NO: gap 2.0e-4')
    expect(check(side(0), undefined, files)).toMatch(/^NO/)
    expect(check(side(0, [1]), undefined, files)).toMatch(/^NO/)
  })
})

it('gradients are compared by the length of their difference', () => {
  const check = equalGradient(1e-4)
  const own = side(-38, [3, 4])
  expect(check(side(-38, [3, 4.0004]), own, noFiles)).toMatch(/^ok: gradients 8.0e-5 apart/)
  expect(check(side(-38, [3, 4.004]), own, noFiles)).toMatch(/^NO/)
  expect(check(side(-38.1, [3, 4]), own, noFiles)).toMatch(/^NO/)
  expect(check(side(-38, [3, 4, 0]), own, noFiles)).toMatch(/^NO/)
  expect(check(side(-38), own, noFiles)).toMatch(/^NO/)
})

describe('the objective of a clustering', () => {
  const files = createArrayFiles(folder, { columns: 2 })
  writeArray(files, 'real.f32', Float32Array.from([2, 0, 0, 5]))
  writeArray(files, 'simulated.f32', Float32Array.from([-1, 0, 0, 0.5]))

  it('is the spread of the unit rows around their clusters’ means', () => {
    // (1, 0) and (-1, 0) are 2 apart: each 1 from their mean. The other two are equal.
    expect(clusteringObjective(files, Float64Array.from([0, 1, 0, 1]))).toBeCloseTo(2, 6)
    expect(clusteringObjective(files, Float64Array.from([0, 1, 2, 1]))).toBeCloseTo(0, 6)
  })

  it('must not be worse than the other side’s', () => {
    const [good, bad] = [side(0.9, [0, 1, 0, 1]), side(0.8, [0, 0, 0, 0])]
    expect(sameClustering(0.02)(bad, good, files)).toMatch(/^ok: .*scores 0.1000 apart/)
    expect(sameClustering(0.02)(good, bad, files)).toMatch(/^NO/)
    expect(sameClustering(0.02)(good, good, files)).toBe('objective 2.0')
  })
})

it('a fit says when it was as good as the other’s best', () => {
  const own = side(-1, [0.5, -3, 1, -2, 4, -1])
  expect(soonerBest()(side(-2), own, noFiles)).toContain('after 1.00 s, 0.50 of this')
  expect(soonerBest()(side(-0.5), own, noFiles)).toContain('never reaches this held-out value: 0.5000 short')
})
