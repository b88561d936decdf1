import { createRandom } from '@mop/core'
import { matrixFromRows } from '@mop/core/numeric'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measure } from '../result/measure.ts'
import { nearlyNormal } from '../testing/random-rows.ts'
import { classificationScores } from './classification-scores.ts'
// Its `provenance` says which library made the values, and how.
import reference from './downstream.reference.json' with { type: 'json' }
import { downstreamClassification } from './downstream-classification.ts'
import { downstreamAccuracyMetric, downstreamF1Metric } from './downstream-metrics.ts'
import type { LabelledEmbeddings } from './labelled-embeddings.ts'

function labelled(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes = 3,
): LabelledEmbeddings {
  return { embeddings: matrixFromRows(rows), labels: Int32Array.from(labels), classes }
}

/** Two classes that lie apart by `gap` along the first axis. */
function twoClasses(seed: number, count: number, gap: number, flipped = false): LabelledEmbeddings {
  const random = createRandom(seed)
  const labels = Array.from({ length: count }, (_, index) => index % 2)
  const rows = labels.map((label) => [
    (label === 0 ? -gap : gap) * (flipped ? -1 : 1) + nearlyNormal(random),
    nearlyNormal(random),
    3,
  ])
  return labelled(rows, labels, 2)
}

describe('reference', () => {
  test('the classifier trained on simulated rows predicts what scikit-learn’s does, with its F1 and accuracy', () => {
    const real = labelled(reference.real, reference.realLabels)
    const simulated = labelled(reference.simulated, reference.simulatedLabels)
    const found = downstreamClassification(real, simulated)
    expect(Array.from(found.predicted)).toEqual(reference.predicted)
    expect(found.macroF1).toBeCloseTo(reference.macroF1, 12)
    expect(found.accuracy).toBeCloseTo(reference.accuracy, 12)
    for (const [place, score] of reference.ofClasses.entries())
      expect(found.ofClasses[place]).toBeCloseTo(score, 12)
  })

  test('weighted scores', () => {
    const { realLabels, predicted, weights } = reference
    const found = classificationScores(realLabels, predicted, 3, weights)
    expect(found.macroF1).toBeCloseTo(reference.weightedF1, 12)
    expect(found.accuracy).toBeCloseTo(reference.weightedAccuracy, 12)
  })
})

test('scores are 1 for the truth alone, do not know the classes’ names, and leave absent classes out', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(labels, labels, (truth, guesses) => {
      const predicted = truth.map((_, item) => guesses[item % guesses.length] ?? 0)
      expect(classificationScores(truth, truth, 6).macroF1).toBe(1)
      const { macroF1, accuracy } = classificationScores(truth, predicted, 6)
      const renamed = (values: readonly number[]): number[] => values.map((value) => 5 - value)
      const other = classificationScores(renamed(truth), renamed(predicted), 6)
      expect(other.macroF1).toBeCloseTo(macroF1, 12)
      expect(other.accuracy).toBe(accuracy)
      expect(macroF1 === 1).toBe(truth.every((value, item) => value === predicted[item]))
    }),
  )
})

describe('for measure', () => {
  const real = twoClasses(1, 200, 2)
  const options = { random: createRandom(2), resamples: 60 }

  test('simulated texts that differ as the real ones do teach as much as these; flipped or alike ones do not', () => {
    const f1 = (simulated: LabelledEmbeddings) => measure(downstreamF1Metric(), real, simulated, options)
    const good = f1(twoClasses(2, 200, 2))
    expect(good.floor).toMatchObject({ from: 'halves', sizes: [100, 100] })
    expect(good.floor?.value).toBeGreaterThan(0.9)
    expect(Math.abs(good.value - (good.floor?.value ?? 0))).toBeLessThan(0.05)
    expect(good.interval?.lower).toBeLessThan(good.value)
    expect(good.warnings).toEqual([])
    expect(f1(twoClasses(2, 200, 2, true)).value).toBeLessThan(0.1)
    expect(f1(twoClasses(2, 200, 0)).value).toBeLessThan(good.value - 0.05)
    const accuracy = measure(downstreamAccuracyMetric(), real, twoClasses(2, 200, 2), options)
    expect(accuracy.metric).toBe('downstream accuracy')
    expect(Math.abs(accuracy.value - good.value)).toBeLessThan(0.02)
  })

  test('warns of one class alone, of a class that is not simulated, and of few items', () => {
    const of = (one: LabelledEmbeddings, other: LabelledEmbeddings) =>
      measure(downstreamF1Metric(), one, other, { ...options, resamples: 0 })
    const lone = labelled(
      [
        [1, 0, 1],
        [1, 1, 1],
        [1, 2, 1],
        [2, 2, 1],
      ],
      [1, 1, 1, 1],
      2,
    )
    expect(of(lone, real).warnings[0]).toContain('All real items are of one class')
    expect(of(lone, real).floor).toBeUndefined()
    expect(of(real, lone).warnings[0]).toContain('1 of 2 classes have no item to learn from')
    expect(of(real, twoClasses(3, 20, 2)).warnings[0]).toContain('10 items of its smallest class')
  })

  test('refuses labels and dimensions that do not fit', () => {
    const few = { ...real, labels: real.labels.slice(1) }
    expect(() => measure(downstreamF1Metric(), twoClasses(1, 4, 1), few, options)).toThrow('simulated.labels')
    expect(() => downstreamClassification(real, { ...real, classes: 3 })).toThrow('simulated.classes')
    expect(() => downstreamClassification({ ...real, classes: 1 }, real)).toThrow('real.classes')
    expect(() => classificationScores([0], [1], 1)).toThrow('predicted[0]')
    expect(() => classificationScores([0], [0, 1], 2)).toThrow('`predicted`')
    expect(() => classificationScores([0], [0], 2, [0])).toThrow('`weights`')
  })
})
