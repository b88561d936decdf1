import type { SoftmaxRegressionOptions } from '../numeric/softmax-regression.ts'
import type { Comparison, Metric } from '../result/metric.ts'
import { type ClassificationScores, classificationScores } from './classification-scores.ts'
import { downstreamClassification } from './downstream-classification.ts'
import { classSizes, type LabelledEmbeddings, selectLabelled } from './labelled-embeddings.ts'

/** Fewer items of a class than this, and neither learning it nor testing on it says much. */
const fewOfClass = 30

/** The macro F1 of `downstreamClassification` for `measure`; see `downstreamAccuracyMetric`. */
export function downstreamF1Metric(options: SoftmaxRegressionOptions = {}): Metric<LabelledEmbeddings> {
  return downstreamMetric('downstream F1', ({ macroF1 }) => macroF1, options)
}

/**
 * The accuracy of `downstreamClassification` for `measure`. Resamples draw the real items that it is tested on; the classifier stays. The floor is what
 * the classifier reaches that learned from one half of the real items, on the other, and the mean of both ways round: at half the size, so a
 * simulation can exceed it.
 */
export function downstreamAccuracyMetric(options: SoftmaxRegressionOptions = {}): Metric<LabelledEmbeddings> {
  return downstreamMetric('downstream accuracy', ({ accuracy }) => accuracy, options)
}

function downstreamMetric(
  name: string,
  figureOf: (scores: ClassificationScores) => number,
  options: SoftmaxRegressionOptions,
): Metric<LabelledEmbeddings> {
  const compare = (real: LabelledEmbeddings, simulated: LabelledEmbeddings): Comparison => {
    const { predicted, ...scores } = downstreamClassification(real, simulated, options)
    return {
      value: figureOf(scores),
      reweigh: (weightings) =>
        weightings.map((weights) =>
          figureOf(classificationScores(real.labels, predicted, real.classes, weights.real)),
        ),
    }
  }
  return {
    name,
    better: 'higher',
    range: [0, 1],
    samples: 'both',
    size: ({ labels }) => labels.length,
    select: selectLabelled,
    compare,
    compareHalves: (first, second) => {
      const several = [first, second].every((half) => classSizes(half).filter((size) => size > 0).length > 1)
      return {
        value: several ? (compare(first, second).value + compare(second, first).value) / 2 : Number.NaN,
      }
    },
    warnings: (real, simulated) => {
      const [tested, learned] = [classSizes(real), classSizes(simulated)]
      const unlearned = tested.filter((size, place) => size > 0 && learned[place] === 0).length
      const least = Math.min(
        ...tested.flatMap((size, place) => (size > 0 ? [Math.min(size, learned[place] ?? 0)] : [])),
      )
      return [
        ...(tested.filter((size) => size > 0).length < 2
          ? ['All real items are of one class: there is nothing to tell apart.']
          : []),
        ...(unlearned > 0
          ? [`${unlearned} of ${real.classes} classes have no item to learn from, and an F1 of 0 or near it.`]
          : []),
        ...(least < fewOfClass && unlearned === 0
          ? [
              `The classifier rests on ${least} items of its smallest class on one side; below ${fewOfClass} the score moves much.`,
            ]
          : []),
      ]
    },
  }
}
