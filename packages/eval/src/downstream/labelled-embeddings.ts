import { InvalidArgumentError } from '@mop/core'
import { selectRows } from '@mop/core/numeric'
import type { Embeddings } from '../embedding/embeddings.ts'

/** Texts as a classifier gets them: an embedding and a class of each. */
export interface LabelledEmbeddings {
  /** n × d′. */
  readonly embeddings: Embeddings
  /** The class of each, an integer in [0, classes). */
  readonly labels: Int32Array
  /** How many classes there are, 2 or more; the same of samples that are compared. */
  readonly classes: number
}

/** @throws InvalidArgumentError where the labels do not fit. */
export function checkLabelled(argument: string, { embeddings, labels, classes }: LabelledEmbeddings): void {
  const complain = (part: string, expected: string, found: unknown): never => {
    throw new InvalidArgumentError({ argument: `${argument}.${part}`, expected, found })
  }
  if (!Number.isInteger(classes) || classes < 2) complain('classes', 'an integer ≥ 2', classes)
  if (labels.length !== embeddings.rows)
    complain('labels', `one for each of the ${embeddings.rows} rows`, labels.length)
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes))
  if (wrong >= 0) complain(`labels[${wrong}]`, `one of ${classes} classes`, labels[wrong])
}

/** The rows at these places. */
export function selectLabelled(sample: LabelledEmbeddings, items: readonly number[]): LabelledEmbeddings {
  const { embeddings, labels, classes } = sample
  return {
    embeddings:
      embeddings.data instanceof Float32Array
        ? selectRows({ ...embeddings, data: embeddings.data }, items)
        : selectRows({ ...embeddings, data: embeddings.data }, items),
    labels: Int32Array.from(items, (item) => labels[item] as number),
    classes,
  }
}

/** Items of each class. */
export function classSizes({ labels, classes }: LabelledEmbeddings): readonly number[] {
  const sizes = Array<number>(classes).fill(0)
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1
  return sizes
}
