import { InvalidArgumentError } from '@mop/core'
import { checkPair, unitRows } from '../embedding/embeddings.ts'
import {
  classProbabilities,
  fitSoftmaxRegression,
  type SoftmaxRegressionOptions,
} from '../numeric/softmax-regression.ts'
import { type ClassificationScores, classificationScores } from './classification-scores.ts'
import { checkLabelled, type LabelledEmbeddings } from './labelled-embeddings.ts'

export interface DownstreamClassification extends ClassificationScores {
  /** The class predicted for each real item. */
  readonly predicted: Int32Array
}

/**
 * What a simulation is worth as training data (METHOD section 9: downstream F1): a multinomial logistic regression learns the classes from
 * simulated texts' embeddings, each at unit length, and is tested on the real ones. Higher is better; read it beside what the same classifier reaches that
 * learned from real texts. It asks for no variety: one clear text a class may teach as much as many.
 *
 * @param real to be tested on, n₁ ≥ 1.
 * @param simulated to learn from, n₂ ≥ 1, of the same encoder and classes. A class without a simulated text is never predicted but by its intercept.
 * @throws InvalidArgumentError for labels that do not fit, samples of different dimensions or classes, and as `fitSoftmaxRegression`.
 */
export function downstreamClassification(
  real: LabelledEmbeddings,
  simulated: LabelledEmbeddings,
  options: SoftmaxRegressionOptions = {},
): DownstreamClassification {
  checkPair(real.embeddings, simulated.embeddings, 1)
  checkLabelled('real', real)
  checkLabelled('simulated', simulated)
  const { classes } = real
  if (simulated.classes !== classes) {
    throw new InvalidArgumentError({
      argument: 'simulated.classes',
      expected: `${classes}, as real`,
      found: simulated.classes,
    })
  }
  const weights = fitSoftmaxRegression(unitRows(simulated.embeddings), simulated.labels, classes, options)
  const { data, rows } = classProbabilities(weights, unitRows(real.embeddings))
  const predicted = Int32Array.from({ length: rows }, (_, row) => {
    const own = data.subarray(row * classes, (row + 1) * classes)
    return own.indexOf(Math.max(...own))
  })
  return { ...classificationScores(real.labels, predicted, classes), predicted }
}
