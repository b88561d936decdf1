import { normalisedText, type Random, shuffle } from '@mop/core'
import { type Matrix, meanAndStandardError, selectRows } from '@mop/core/numeric'
import { embeddingsOf } from '../embedding/embeddings.ts'
import { reverseCrossEntropy, softmaxInfluence } from '../numeric/softmax-influence.ts'
import { fitSoftmaxRegression } from '../numeric/softmax-regression.ts'
import type { ArmSetting, ShownRecord } from './arm.ts'

/** An input takes part with this many different answers, so that each half has two. */
const fewestAnswers = 4

/** Answers by how much they help to tell the inputs apart, or why there is no telling. */
export type UsefulAnswers =
  | {
      /** By the id of an answer; lower helps more. An answer without one was not ranked: its input has too few. */
      readonly influence: ReadonlyMap<string, number>
    }
  | { readonly unranked: string }

export interface UsefulAnswersOptions {
  readonly random: Random
  readonly ridge: number
  readonly encode: ArmSetting['encode']
}

/**
 * The influence of each answer on a classifier that predicts from an answer's embedding which input it is to. Answers are split into two halves,
 * within each input at random; each half trains a classifier, and the other is what its loss is taken on. Both are generated, hence the loss that
 * withstands wrong labels. Inputs with fewer than four different answers take no part.
 *
 * Nothing is ranked where fewer than two inputs take part, or where the classifiers do not predict the other half better than the shares
 * of the inputs do, by two standard errors: influence on a classifier that knows nothing means nothing.
 */
export async function usefulAnswers(
  answers: readonly ShownRecord[],
  { random, ridge, encode }: UsefulAnswersOptions,
): Promise<UsefulAnswers> {
  const classes = [...Map.groupBy(answers, ({ input }) => input).values()].filter(
    (members) => members.length >= fewestAnswers,
  )
  if (classes.length < 2) return { unranked: `fewer than two inputs had ${fewestAnswers} different answers` }
  const ranked = classes.flatMap((members, label) =>
    shuffle(random, members).map((answer, index) => ({ answer, label, half: index % 2 })),
  )
  const points = embeddingsOf(await encode(ranked.map(({ answer }) => answer.output)))
  const labels = ranked.map(({ label }) => label)
  const halves = [0, 1].map((half) =>
    ranked.flatMap((member, index) => (member.half === half ? [index] : [])),
  )
  const influence = new Map<string, number>()
  const gains: number[] = []
  for (const [half, rows] of halves.entries()) {
    const training = part(points, labels, rows)
    const validation = part(points, labels, halves[1 - half] ?? [])
    const weights = fitSoftmaxRegression(training.points, training.labels, classes.length, { ridge })
    const losses = reverseCrossEntropy(weights, validation)
    const shares = sharesOf(training.labels, classes.length)
    for (const [index, label] of validation.labels.entries())
      gains.push(1 - (shares[label] ?? 0) - (losses[index] as number))
    const found = softmaxInfluence({ weights, training, ridge, validation })
    for (const [index, row] of rows.entries()) {
      const id = ranked[row]?.answer.id
      if (id !== undefined) influence.set(id, found[index] as number)
    }
  }
  const { mean, standardError } = meanAndStandardError(gains)
  if (!(mean > 2 * standardError)) return { unranked: 'the answers do not tell the inputs apart' }
  return { influence }
}

/** Answers that say something, each text once for each input. */
export function differentAnswers(answers: readonly ShownRecord[]): readonly ShownRecord[] {
  const different = new Map<string, ShownRecord>()
  for (const answer of answers) {
    const text = normalisedText(answer.output)
    const key = JSON.stringify([answer.input, text])
    if (text !== '' && !different.has(key)) different.set(key, answer)
  }
  return [...different.values()]
}

function part(
  points: Matrix<Float32Array>,
  labels: readonly number[],
  rows: readonly number[],
): { readonly points: Matrix<Float32Array>; readonly labels: readonly number[] } {
  return {
    points: selectRows(points, rows),
    labels: rows.map((row) => labels[row] as number),
  }
}

function sharesOf(labels: readonly number[], classes: number): Float64Array {
  const shares = new Float64Array(classes)
  for (const label of labels) shares[label] = (shares[label] as number) + 1 / labels.length
  return shares
}
