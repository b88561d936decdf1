import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { CandidateSet } from './candidate-set.ts'
import { designRound } from './round-design.ts'

const proposals = [
  Float64Array.of(0.3, 0.1, 0.05, 0.05, 0.2, 0.1, 0.15, 0.05),
  Float64Array.of(0.02, 0.4, 0.08, 0.1, 0.05, 0.15, 0.1, 0.1),
]
const values = [3, 1, 4, 1, 5, 9, 2, 6]
const total = values.reduce((sum, value) => sum + value, 0)

function design(seed: number, workingSetSize: number, pairs: number): ReturnType<typeof designRound> {
  return designRound({
    proposal: (item) => proposals[item] as Float64Array,
    items: [0, 1],
    workingSetSize,
    pairs,
    random: createRandom(seed),
  })
}

describe('designRound', () => {
  test.each([
    [8, 3],
    [5, 3],
    [4, 2],
    [3, 3],
  ])('with a working set of %i and %i pairs, the weighted sum is unbiased', (workingSetSize, pairs) => {
    for (const input of [0, 1]) {
      const estimates: number[] = []
      for (let seed = 0; seed < 20_000; seed += 1) {
        const drawn = design(seed, workingSetSize, pairs).drawFor(input, createRandom(`item ${seed}`))
        estimates.push(
          drawn.reduce((sum, { component, inclusion }) => sum + (values[component] as number) / inclusion, 0),
        )
      }
      const mean = estimates.reduce((sum, value) => sum + value, 0) / estimates.length
      const variance = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (estimates.length - 1)
      expect(Math.abs(mean - total)).toBeLessThan(4.5 * Math.sqrt(variance / estimates.length) + 1e-9)
    }
  })

  test('draws the number asked for, from the working set, each once', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (seed, size, pairs) => {
          const round = design(seed, size, pairs)
          expect(round.workingSet).toHaveLength(size)
          const drawn = round.drawFor(0, createRandom(seed)).map(({ component }) => component)
          expect(drawn).toHaveLength(Math.min(size, pairs))
          expect(new Set(drawn).size).toBe(drawn.length)
          expect(drawn.every((component) => round.workingSet.includes(component))).toBe(true)
        },
      ),
    )
  })
})

describe('CandidateSet', () => {
  test('with the whole set in play every component is included with certainty', () => {
    const candidates = new CandidateSet([0, 1], ['a', 'b'])
    candidates.addRound(design(1, 8, 8), createRandom(1))
    expect(candidates.candidatesOf(0)).toHaveLength(8)
    expect(candidates.candidatesOf(1).every(({ inclusion }) => inclusion === 1)).toBe(true)
  })

  test('over two rounds the inclusion probability is that of the union', () => {
    const rounds = 4000
    const counts = new Float64Array(8)
    const expected = new Float64Array(8)
    for (let seed = 0; seed < rounds; seed += 1) {
      const candidates = new CandidateSet([0], ['a'])
      candidates.addRound(design(seed, 8, 2), createRandom(seed).fork('one'))
      candidates.addRound(design(-1 - seed, 8, 3), createRandom(seed).fork('two'))
      for (const { component, inclusion } of candidates.candidatesOf(0)) {
        counts[component] = (counts[component] as number) + 1 / rounds
        expected[component] = inclusion
      }
    }
    for (const [component, share] of counts.entries()) {
      const inclusion = expected[component] as number
      expect(Math.abs(share - inclusion)).toBeLessThan(
        4.5 * Math.sqrt((inclusion * (1 - inclusion)) / rounds) + 1e-9,
      )
    }
  })
})
