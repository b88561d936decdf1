import { InvalidArgumentError } from '@mop/core'

/** How well predicted classes match the true ones. All in [0, 1], higher is better. */
export interface ClassificationScores {
  /** Mean of `ofClasses` over the classes that are true or predicted of some item. */
  readonly macroF1: number
  readonly accuracy: number
  /** F1 of each class: 2 TP / (2 TP + FP + FN); NaN for one that is neither true nor predicted of any item. */
  readonly ofClasses: Float64Array
}

/**
 * Macro F1 and accuracy, as in scikit-learn's `f1_score(average='macro')` and `accuracy_score`.
 *
 * @param truth, predicted the class of each item, integers in [0, classes).
 * @param weights of the items, ≥ 0. Default 1 each.
 * @throws InvalidArgumentError for lists of different lengths, classes out of range, or no weight at all.
 */
export function classificationScores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): ClassificationScores {
  for (const [argument, values] of Object.entries({ predicted, weights })) {
    if (values === undefined || values.length === truth.length) continue
    const expected = `as long as the ${truth.length} true classes`
    throw new InvalidArgumentError({ argument, expected, found: values.length })
  }
  const right = new Float64Array(classes)
  const trues = new Float64Array(classes)
  const predictions = new Float64Array(classes)
  const add = (counts: Float64Array, place: number, weight: number, argument: string): void => {
    const count = counts[place]
    if (count === undefined)
      throw new InvalidArgumentError({ argument, expected: `one of ${classes} classes`, found: place })
    counts[place] = count + weight
  }
  let total = 0
  for (let item = 0; item < truth.length; item++) {
    const weight = weights === undefined ? 1 : (weights[item] as number)
    const [own, guess] = [truth[item] as number, predicted[item] as number]
    total += weight
    add(trues, own, weight, `truth[${item}]`)
    add(predictions, guess, weight, `predicted[${item}]`)
    if (own === guess) add(right, own, weight, `truth[${item}]`)
  }
  if (!(total > 0)) {
    throw new InvalidArgumentError({ argument: 'weights', expected: 'positive somewhere', found: 'none' })
  }
  const ofClasses = right.map(
    (hits, place) => (2 * hits) / ((trues[place] as number) + (predictions[place] as number)),
  )
  const present = ofClasses.filter((score) => !Number.isNaN(score))
  return {
    macroF1: present.reduce((sum, score) => sum + score, 0) / present.length,
    accuracy: right.reduce((sum, hits) => sum + hits, 0) / total,
    ofClasses,
  }
}
