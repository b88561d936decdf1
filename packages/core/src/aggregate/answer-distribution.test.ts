import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerDistribution } from './answer-distribution.ts'

test('counts by weight, with what is none of the choices told apart', () => {
  const result = answerDistribution(['Yes', 'no.', ' YES ', 'perhaps', '"Yes"'], {
    choices: ['yes', 'no', 'never'],
    weights: [1, 2, 1, 1, 2],
  })
  expect(result.choices).toEqual(['yes', 'no', 'never'])
  expect(Array.from(result.probabilities)).toEqual([4 / 6, 2 / 6, 0])
  expect(result.effectiveSampleSize).toBeCloseTo(36 / 10, 12)
  expect(result.unmatchedShare).toBeCloseTo(1 / 7, 12)
  expect(result.unmatched).toEqual(['perhaps'])
  expect(result.standardErrors[0]).toBeCloseTo(Math.sqrt(((4 / 6) * (2 / 6)) / 3.6), 12)
  expect(result.intervals[2]?.lower).toBe(0)
  expect(result.intervals[2]?.upper).toBeGreaterThan(0.2)
})

test('without choices, the distinct answers, the heaviest first', () => {
  const { choices, probabilities } = answerDistribution(['tea', 'Coffee', 'coffee!', 'tea', 'tea'])
  expect(choices).toEqual(['tea', 'Coffee'])
  expect(Array.from(probabilities)).toEqual([0.6, 0.4])
})

test('smoothing adds pseudo-answers', () => {
  const { probabilities, standardErrors } = answerDistribution(['a', 'a', 'a'], {
    choices: ['a', 'b'],
    smoothing: 0.5,
  })
  expect(Array.from(probabilities)).toEqual([3.5 / 4, 0.5 / 4])
  expect(standardErrors[1]).toBeCloseTo(Math.sqrt((0.875 * 0.125) / 5), 12)
})

test('probabilities sum to one, and the scale of the weights does not matter', () => {
  const row = fc.record({
    answer: fc.constantFrom('a', 'b', 'c'),
    weight: fc.double({ min: 0.01, max: 10, noNaN: true }),
  })
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1 }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (rows, scale) => {
        const answers = rows.map(({ answer }) => answer)
        const options = { choices: ['a', 'b', 'c'], smoothing: 0.3 }
        const result = answerDistribution(answers, { ...options, weights: rows.map(({ weight }) => weight) })
        const scaled = answerDistribution(answers, {
          ...options,
          weights: rows.map(({ weight }) => weight * scale),
        })
        expect(result.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
        expect(result.effectiveSampleSize).toBeLessThanOrEqual(rows.length + 1e-9)
        expect(scaled.effectiveSampleSize).toBeCloseTo(result.effectiveSampleSize, 8)
        for (const [choice, probability] of result.probabilities.entries()) {
          expect(scaled.probabilities[choice]).toBeCloseTo(probability, 10)
        }
      },
    ),
  )
})

test('what cannot be counted is refused', () => {
  expect(() => answerDistribution([], { choices: ['a'] })).toThrow(/no answers/)
  expect(() => answerDistribution(['x'], { choices: ['a', 'b'] })).toThrow(
    /among the choices \(a; b\); found \["x"\]/,
  )
  expect(() => answerDistribution(['a'], { weights: [] })).toThrow(/weights/)
  expect(() => answerDistribution(['a'], { weights: [-1] })).toThrow(/weights\[0\]/)
  expect(() => answerDistribution(['a'], { choices: ['Yes', 'yes.'] })).toThrow(/choices/)
  expect(() => answerDistribution(['a'], { smoothing: -1 })).toThrow(/smoothing/)
})
