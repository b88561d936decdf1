import { matrix, selectRows } from '@mop/core/numeric'
import { describe, expect, test } from 'vitest'
import { randomRows } from '../testing/random-rows.ts'
import { classProbabilities, fitSoftmaxRegression } from './softmax-regression.ts'

const order = Array.from({ length: 15 }, (_, i) => i)
const points = matrix(
  15,
  2,
  Float64Array.from(
    order.flatMap((i) => [
      ((i * 7) % 11) / 5 - 1 + (i % 3 === 1 ? 0.8 : 0),
      ((i * 5) % 13) / 6 - 1 + (i % 3 === 2 ? 0.6 : 0),
    ]),
  ),
)
const labels = order.map((i) => (i === 4 ? 0 : i === 11 ? 1 : i % 3))

/**
 * scikit-learn 1.9.1: LogisticRegression(C=1/ridge, fit_intercept=False, solver='newton-cholesky', tol=1e-14) on the points with a column of ones;
 * coef_ and predict_proba of the first two.
 */
const reference = [
  {
    ridge: 0.5,
    weights: [
      [0.4009350394703226, -0.8442097079809118, 0.17300639377744173],
      [0.20768873136463956, -0.12489431570711951, 0.11824730514609097],
      [-0.6086237708349621, 0.9691040236880308, -0.2912536989235325],
    ],
    probabilities: [
      [0.54323484201645, 0.3039045110084759, 0.15286064697507415],
      [0.5542307260693512, 0.369089999736163, 0.07667927419448568],
    ],
  },
  {
    ridge: 4,
    weights: [
      [0.18129700842150542, -0.3276578260128958, 0.1052405033856192],
      [0.09868872784550344, -0.04997375936461418, 0.009157510865273626],
      [-0.27998573626700873, 0.37763158537750996, -0.11439801425089272],
    ],
    probabilities: [
      [0.4208074669941211, 0.3145102375475896, 0.26468229545828925],
      [0.4554124914135956, 0.35770548342013003, 0.1868820251662744],
    ],
  },
]

describe('agrees with scikit-learn', () => {
  test.each(reference)('at ridge $ridge', ({ ridge, weights: expected, probabilities }) => {
    const weights = fitSoftmaxRegression(points, labels, 3, { ridge })
    expect([weights.rows, weights.columns]).toEqual([3, 3])
    for (const [index, value] of expected.flat().entries()) expect(weights.data[index]).toBeCloseTo(value, 6)
    const found = classProbabilities(weights, selectRows(points, [0, 1]))
    for (const [index, value] of probabilities.flat().entries())
      expect(found.data[index]).toBeCloseTo(value, 6)
  })
})

test('gives the same in either precision, in any order of points and classes', () => {
  const weights = fitSoftmaxRegression(points, labels, 3)
  const shuffled = order.map((i) => (i * 4) % 15)
  const again = fitSoftmaxRegression(
    matrix(15, 2, Float32Array.from(selectRows(points, shuffled).data)),
    shuffled.map((i) => ((labels[i] ?? 0) + 1) % 3),
    3,
  )
  for (const [index, value] of weights.data.entries())
    expect(again.data[(index + 3) % 9]).toBeCloseTo(value, 5)
})

test('learns to tell apart what lies apart, in many dimensions', () => {
  const sample = randomRows(3, 90, 40, 0, 1)
  const classes = Array.from({ length: 90 }, (_, row) => row % 3)
  for (const [row, label] of classes.entries()) {
    sample.data[row * 40 + label] = (sample.data[row * 40 + label] ?? 0) + 8
  }
  const probabilities = classProbabilities(fitSoftmaxRegression(sample, classes, 3), sample)
  for (const [row, label] of classes.entries()) {
    const own = probabilities.data.slice(row * 3, row * 3 + 3)
    expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
    expect(own[label]).toBeGreaterThan(0.8)
  }
})

describe('refuses', () => {
  test.each([
    [{ labels: labels.slice(1) }, '`labels`'],
    [{ labels: labels.map((label, i) => (i === 2 ? 3 : label)) }, '`labels[2]`'],
    [{ labels: labels.map((label, i) => (i === 2 ? 0.5 : label)) }, '`labels[2]`'],
    [{ classes: 1, labels: labels.map(() => 0) }, '`classes`'],
    [{ ridge: 0 }, '`ridge`'],
    [{ ridge: Number.NaN }, '`ridge`'],
    [{ points: matrix(0, 2, new Float64Array(0)), labels: [] }, '`points`'],
    [
      {
        points: matrix(
          15,
          1,
          Float64Array.from(order, () => Number.NaN),
        ),
      },
      'finite',
    ],
  ])('%j', (change, message) => {
    const given = { points, labels, classes: 3, ridge: 1, ...change }
    expect(() =>
      fitSoftmaxRegression(given.points, given.labels, given.classes, { ridge: given.ridge }),
    ).toThrow(message)
  })

  test('points of another dimension than the classifier’s', () => {
    const weights = fitSoftmaxRegression(points, labels, 3)
    expect(() => classProbabilities(weights, matrix(1, 3, new Float64Array(3)))).toThrow('of dimension 2')
  })
})
