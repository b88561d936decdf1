import { type Matrix, selectRows } from '@mop/core/numeric'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomRows } from '../testing/random-rows.ts'
import { solveConjugateGradient } from './conjugate-gradient.ts'
import { type LabelledPoints, reverseCrossEntropy, softmaxInfluence } from './softmax-influence.ts'
import { fitSoftmaxRegression } from './softmax-regression.ts'

/** Points of three classes around centres of their own, some with a wrong label. */
function labelled(seed: number, count: number): LabelledPoints & { readonly points: Matrix } {
  const points = randomRows(seed, count, 4)
  const labels = Array.from({ length: count }, (_, row) => row % 3)
  for (const [row, label] of labels.entries())
    points.data[row * 4 + label] = (points.data[row * 4 + label] ?? 0) + 1.5
  return { points, labels: labels.map((label, row) => (row % 9 === 4 ? (label + 1) % 3 : label)) }
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** How the validation loss changes when the classifier is trained again without a row, and what the influence says, for each of some rows. */
function changes(seed: number, ridge: number, copies: number): { truth: number[]; predicted: number[] } {
  const one = labelled(seed, 45)
  const validation = labelled(seed + 1, 30)
  const all = Array.from({ length: 45 * copies }, (_, row) => row % 45)
  const fitted = (rows: readonly number[]): Matrix =>
    fitSoftmaxRegression(
      selectRows(one.points, rows),
      rows.map((row) => one.labels[row] ?? 0),
      3,
      { ridge: ridge * copies },
    )
  const training = { points: selectRows(one.points, all), labels: all.map((row) => one.labels[row] ?? 0) }
  const weights = fitted(all)
  const influence = softmaxInfluence({ weights, training, ridge: ridge * copies, validation })
  const whole = mean(reverseCrossEntropy(weights, validation))
  const left = Array.from({ length: copies === 1 ? 45 : 9 }, (_, index) => index * (copies === 1 ? 1 : 5))
  return {
    truth: left.map(
      (index) => mean(reverseCrossEntropy(fitted(all.toSpliced(index, 1)), validation)) - whole,
    ),
    predicted: left.map((index) => -(influence[index] ?? 0)),
  }
}

const length = (values: readonly number[]): number => Math.hypot(...values)
const seeds = fc.integer({ min: 1, max: 1e6 })
const ridges = fc.constantFrom(0.5, 2, 8)

test('orders points as training again without each of them does', () => {
  fc.assert(
    fc.property(seeds, ridges, (seed, ridge) => {
      const { truth, predicted } = changes(seed, ridge, 1)
      const product = truth.reduce((sum, value, row) => sum + value * (predicted[row] ?? 0), 0)
      expect(product).toBeGreaterThan(0.9 * length(truth) * length(predicted))
    }),
    { numRuns: 10 },
  )
})

/** Of thirty copies of each point one makes a difference so small that the first order is all of it. */
test('is the change where a point loses a little of its weight', () => {
  fc.assert(
    fc.property(seeds, ridges, (seed, ridge) => {
      const { truth, predicted } = changes(seed, ridge, 30)
      const error = length(truth.map((value, row) => value - (predicted[row] ?? 0)))
      expect(error).toBeLessThan(0.05 * length(truth))
    }),
    { numRuns: 6 },
  )
})

test('finds wrong labels to be less help than right ones', () => {
  const training = labelled(11, 90)
  const weights = fitSoftmaxRegression(training.points, training.labels, 3)
  const influence = softmaxInfluence({ weights, training, ridge: 1, validation: labelled(12, 60) })
  const right = influence.filter((_, row) => row % 9 !== 4)
  const wrong = influence.filter((_, row) => row % 9 === 4)
  expect(mean(right)).toBeLessThan(mean(wrong))
})

test('conjugate gradients solve what they are given', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 12 }), (seed, size) => {
      const root = randomRows(seed, size, size)
      const times = (x: Float64Array): Float64Array =>
        Float64Array.from(x, (value, row) => {
          let sum = 0.5 * value
          for (let column = 0; column < size; column++)
            for (let inner = 0; inner < size; inner++)
              sum +=
                (root.data[inner * size + row] ?? 0) *
                (root.data[inner * size + column] ?? 0) *
                (x[column] ?? 0)
          return sum
        })
      const wanted = randomRows(seed + 1, 1, size).data
      const found = solveConjugateGradient(times, times(wanted))
      for (const [index, value] of wanted.entries()) expect(found[index]).toBeCloseTo(value, 5)
    }),
  )
})
