import { logComponentWeights } from '../gate/log-component-weights.ts'
import { type ProjectedGate, projectInput } from '../gate/projected-gate.ts'
import { dot } from '../numeric/dot.ts'
import { logSumExp } from '../numeric/log-sum-exp.ts'
import { type Matrix, rowOf } from '../numeric/matrix.ts'
import { softmax } from '../numeric/softmax.ts'
import { allMasked, type FitData } from './fit-data.ts'

/**
 * Where to look for the components that explain an item: one weight ≥ 0 for each of the K · max(1, J) components, in any unit.
 * It may depend on the response itself, as long as every component that a gate can choose keeps a positive weight in
 * some round: the inclusion probabilities that follow from it are known, and divide its influence out again.
 */
export type Proposal = (item: number) => Float64Array

/** What is known of an item before its components are drawn. */
export interface Clues {
  /** Log-likelihood of the item under each persona's anchor, K values; −Infinity where it was not scored. */
  readonly anchorLogLikelihoods: (item: number) => Float64Array
  /** P(persona k | exemplar j), row k, K × J: to which persona an exemplar belongs. */
  readonly affinity: Matrix
}

/** Sharpness of the preference for exemplars near the item, per unit of cosine. */
const similaritySharpness = 8
/** Share of the draws that looks everywhere, whatever the clues say. */
const explorationShare = 0.25
/** Power to which the anchors' likelihoods are raised: below 1, since another exemplar changes them. */
const anchorPower = 0.5

/**
 * The anchor of each persona: the exemplar that speaks for it most clearly, as a component index. Each item is scored under
 * the anchors first: one likelihood a persona, under prefixes that all items share.
 */
export function anchorComponents(logAffinity: Matrix): Int32Array {
  const { rows, columns } = logAffinity
  return Int32Array.from({ length: rows }, (_, k) => {
    if (columns === 0) return k
    const row = rowOf(logAffinity, k)
    let best = 0
    for (let j = 1; j < columns; j += 1) if ((row[j] as number) > (row[best] as number)) best = j
    return k * columns + best
  })
}

/** Equal weight on the anchors that are not masked for the item, and nothing elsewhere. */
export function anchorProposal(data: FitData, anchors: Int32Array): Proposal {
  return (item) => {
    const weights = new Float64Array(componentCount(data))
    for (const component of anchors) weights[component] = 1
    return withoutMasked(data, item, weights)
  }
}

/**
 * After the anchors: a quarter of the draws as `base` says; the rest goes to personas whose anchor explains the item, and
 * there to exemplars that belong to the persona and stand near the item.
 */
export function informedProposal(data: FitData, clues: Clues, base: Proposal): Proposal {
  const { personas, exemplars } = data
  const [count, width] = [personas.length, Math.max(1, exemplars.length)]
  return (item) => {
    const plain = base(item)
    const plainTotal = plain.reduce((sum, weight) => sum + weight, 0)
    const posterior = softmax(tempered(clues.anchorLogLikelihoods(item)))
    const near = nearness(data, item)
    const weights = new Float64Array(count * width)
    for (let k = 0; k < count; k += 1) {
      const row = Float64Array.from({ length: width }, (_, j) => {
        const belongs = exemplars.length === 0 ? 1 : (clues.affinity.data[k * width + j] as number)
        return (near[j] as number) * (belongs + 0.1 / count)
      })
      const total = row.reduce((sum, weight) => sum + weight, 0)
      for (let j = 0; j < width; j += 1) {
        const informed = ((posterior[k] as number) * (row[j] as number)) / total
        const everywhere = (plain[k * width + j] as number) / plainTotal
        weights[k * width + j] = (1 - explorationShare) * informed + explorationShare * everywhere
      }
    }
    return withoutMasked(data, item, weights)
  }
}

/** Before any gate is known: personas alike, exemplars half alike and half by nearness to the item. */
export function plainProposal(data: FitData): Proposal {
  return (item) => {
    const near = nearness(data, item)
    const weights = new Float64Array(componentCount(data))
    for (let k = 0; k < data.personas.length; k += 1) weights.set(near, k * near.length)
    return weights
  }
}

/** What gates themselves would draw for the item's input, in equal parts. */
export function gatesProposal(data: FitData, gates: readonly ProjectedGate[]): Proposal {
  let last: { input: number; weights: Float64Array } | undefined
  return (item) => {
    const input = data.inputOfItem[item] as number
    if (last?.input === input) return last.weights
    const weights = new Float64Array(componentCount(data))
    for (const gate of gates) {
      const logWeights = logComponentWeights(gate, projectInput(gate, rowOf(data.hx, input)))
      for (const [c, logWeight] of logWeights.entries())
        weights[c] = (weights[c] as number) + Math.exp(logWeight)
    }
    last = { input, weights }
    return weights
  }
}

/** The sum of two proposals, each brought to the same total first. */
export function bothProposals(first: Proposal, second: Proposal): Proposal {
  return (item) => {
    const [a, b] = [first(item), second(item)]
    const [totalA, totalB] = [a, b].map((weights) => weights.reduce((sum, weight) => sum + weight, 0)) as [
      number,
      number,
    ]
    return a.map((weight, c) => weight / totalA + (b[c] as number) / totalB)
  }
}

/** log P(persona k | exemplar j) from log p(exemplar's response | persona k, its input), K × J. */
export function logAffinityFrom(logLikelihood: Matrix): Matrix {
  const { rows, columns, data } = logLikelihood
  const affinity = new Float64Array(data.length)
  for (let j = 0; j < columns; j += 1) {
    const column = Float64Array.from({ length: rows }, (_, k) => data[k * columns + j] as number)
    const total = logSumExp(column)
    for (const [k, value] of column.entries()) {
      affinity[k * columns + j] = total === -Infinity ? -Math.log(rows) : value - total
    }
  }
  return { rows, columns, data: affinity }
}

export function componentCount({ personas, exemplars }: Pick<FitData, 'personas' | 'exemplars'>): number {
  return personas.length * Math.max(1, exemplars.length)
}

/** Half alike, half exp(8 cos) to the item's own text; sums to 1. A single 1 where there are no exemplars. */
function nearness(data: FitData, item: number): Float64Array {
  const { he, hi } = data
  if (he.rows === 0) return Float64Array.of(1)
  const own = rowOf(hi, item)
  const logits = Float64Array.from(
    { length: he.rows },
    (_, j) => similaritySharpness * dot(own, he.data, he.columns, 0, j * he.columns),
  )
  for (const j of allMasked(data, item)) logits[j] = -Infinity
  if (logits.every((logit) => logit === -Infinity)) return new Float64Array(he.rows).fill(1 / he.rows)
  return softmax(logits).map((weight) => 0.5 * weight + 0.5 / he.rows)
}

/** Anchors that were not scored count as the middle of those that were. */
function tempered(logLikelihoods: Float64Array): Float64Array {
  const known = logLikelihoods.filter((value) => value > -Infinity).toSorted()
  if (known.length === 0) return new Float64Array(logLikelihoods.length)
  const middle = known[Math.floor(known.length / 2)] as number
  return logLikelihoods.map((value) => anchorPower * (value > -Infinity ? value : middle))
}

function withoutMasked(data: FitData, item: number, weights: Float64Array): Float64Array {
  const width = data.exemplars.length
  for (const j of allMasked(data, item)) {
    for (let c = j; c < weights.length; c += width) weights[c] = 0
  }
  return weights
}
