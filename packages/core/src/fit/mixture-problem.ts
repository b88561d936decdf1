import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import type { KernelName } from '../numeric/kernel.ts'
import type { Matrix } from '../numeric/matrix.ts'
import { type SymmetricKernel, symmetricKernel } from '../numeric/symmetric-kernel.ts'
import { gramPanel } from '../numeric/wasm-scatter-code.ts'

/** A constant mixture's problem, ready for evaluation. */
export interface MixtureProblem {
  /** Holds the likelihoods, a block of rows after the other: until all is done nothing else may ask for a `symmetricKernel`. */
  readonly kernel: SymmetricKernel
  /** Rows of positive weight. */
  readonly rows: number
  readonly columns: number
  /** Sum to 1. */
  readonly recordWeights: Float64Array
  /** Weighted mean of the row maxima. */
  readonly offset: number
  /** (α_k − 1) / Σ v. */
  readonly pseudoCounts: Float64Array
  /** κ = 1 + Σ pseudoCounts: the multiplier of Σ w = 1. */
  readonly scale: number
}

/** Rows that are looked at a time, all of them in panels of 12 columns: they stay in cache. */
export const mixtureBlock = 128

/** Where things lie in the kernel's memory, in values. */
interface MixtureLayout {
  readonly panels: number
  /** Columns and those of padding, all with a likelihood of 0. */
  readonly width: number
  /** A product: width x width. */
  readonly productAt: number
  readonly vectorAt: number
  readonly sumsAt: number
  /** Two values for each row of a block. */
  readonly dotsAt: number
  readonly factorsAt: number
  /** A block's rows, each times a factor. */
  readonly scaledAt: number
  readonly likelihoodAt: number
}

export function mixtureLayout(columns: number): MixtureLayout {
  const panels = Math.ceil(columns / gramPanel)
  const width = panels * gramPanel
  const vectorAt = width * width
  const sumsAt = vectorAt + width
  const dotsAt = sumsAt + width
  const factorsAt = dotsAt + 2 * mixtureBlock
  const scaledAt = factorsAt + mixtureBlock
  return {
    panels,
    width,
    productAt: 0,
    vectorAt,
    sumsAt,
    dotsAt,
    factorsAt,
    scaledAt,
    likelihoodAt: scaledAt + mixtureBlock * width,
  }
}

export interface MixtureProblemOptions {
  readonly weights?: ArrayLike<number> | undefined
  readonly prior?: number | ArrayLike<number>
  readonly recordIds?: readonly string[]
  readonly kernel: KernelName
}

/** Checks the input, and takes exp(logLikelihood − row maximum) of the rows of positive weight. */
export function mixtureProblem(
  logLikelihood: Matrix,
  { weights, prior = 1, recordIds, kernel: name }: MixtureProblemOptions,
): MixtureProblem {
  const { rows, columns, data } = logLikelihood
  if (weights !== undefined && weights.length !== rows) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: `of length ${rows}`,
      found: `length ${weights.length}`,
    })
  }
  const { width, likelihoodAt } = mixtureLayout(columns)
  const blocks = Math.ceil(rows / mixtureBlock)
  const kernel = symmetricKernel(name, likelihoodAt + blocks * mixtureBlock * width)
  const { values } = kernel
  const recordWeights = new Float64Array(rows)
  let kept = 0
  let total = 0
  let offset = 0
  const exponentiate = (block: number): void => {
    kernel.expFloat64(8 * (likelihoodAt + block * mixtureBlock * width), (mixtureBlock * width) / 2)
  }
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number)
    if (!(weight >= 0 && weight < Infinity)) {
      throw new InvalidArgumentError({
        argument: `weights[${row}]`,
        expected: 'a finite number ≥ 0',
        found: weight,
      })
    }
    if (weight === 0) continue
    const largest = largestOf(logLikelihood, row)
    if (largest === -Infinity) {
      throw new UnexplainedRecordError({ record: recordIds?.[row] ?? String(row), candidates: columns })
    }
    const line = kept % mixtureBlock
    const blockAt = likelihoodAt + (kept - line) * width
    // Columns and rows of padding have no likelihood.
    if (line === 0) values.fill(-Infinity, blockAt, blockAt + mixtureBlock * width)
    let from = row * columns
    const end = from + columns
    for (let panelAt = blockAt + line * gramPanel; from < end; panelAt += mixtureBlock * gramPanel) {
      const count = Math.min(gramPanel, end - from)
      for (let to = panelAt; to < panelAt + count; to++) values[to] = (data[from++] as number) - largest
    }
    if (line === mixtureBlock - 1) exponentiate((kept - line) / mixtureBlock)
    recordWeights[kept++] = weight
    total += weight
    offset += weight * largest
  }
  if (kept === 0) {
    throw new InvalidArgumentError({
      argument: 'weights',
      expected: 'positive somewhere',
      found: 'no record of positive weight',
    })
  }
  if (kept % mixtureBlock > 0) exponentiate(Math.floor(kept / mixtureBlock))
  const pseudoCounts = Float64Array.from({ length: columns }, (_, column) => {
    const alpha = typeof prior === 'number' ? prior : (prior[column] as number)
    if (!(alpha >= 1 && alpha < Infinity)) {
      throw new InvalidArgumentError({ argument: `prior[${column}]`, expected: 'at least 1', found: alpha })
    }
    return (alpha - 1) / total
  })
  return {
    kernel,
    rows: kept,
    columns,
    recordWeights: recordWeights.subarray(0, kept).map((weight) => weight / total),
    offset: offset / total,
    pseudoCounts,
    scale: pseudoCounts.reduce((a, b) => a + b, 1),
  }
}

/** The largest value of a row, all of which must be below Infinity. */
function largestOf({ columns, data }: Matrix, row: number): number {
  let largest = -Infinity
  for (let column = 0, at = row * columns; column < columns; column++, at++) {
    const value = data[at] as number
    if (!(value < Infinity)) {
      throw new InvalidArgumentError({
        argument: `logLikelihood[${row}, ${column}]`,
        expected: 'a log-likelihood below Infinity',
        found: value,
      })
    }
    if (value > largest) largest = value
  }
  return largest
}
