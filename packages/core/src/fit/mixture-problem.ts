import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { UnexplainedRecordError } from '../errors/unexplained-record-error.ts'
import type { KernelName } from '../numeric/kernel.ts'
import { type Matrix, zeros } from '../numeric/matrix.ts'
import { type SymmetricKernel, symmetricKernel } from '../numeric/symmetric-kernel.ts'
import { gramPanel } from '../numeric/wasm-scatter-code.ts'

/** A constant mixture's problem, ready for evaluation: the likelihoods lie in a kernel's memory, a block of rows after the other. */
export interface MixtureProblem {
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
const mixtureBlock = 128

/** Where things lie in the kernel's memory, in values. */
function layoutOf(columns: number) {
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
  const { width, likelihoodAt } = layoutOf(columns)
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

/** Every how many blocks of rows are looked at; their records' weights are taken in proportion. 1 is all. */
export type Stride = number

/** Of the rows looked at: Σ_i v_i log (Lw)_i, whose slopes it writes to `gradient`, and (Lw)_i to `densities`. */
export function evaluateMixture(
  problem: MixtureProblem,
  stride: Stride,
  weights: Float64Array,
  gradient: Float64Array,
  densities: Float64Array,
): number {
  const { kernel, rows, columns, recordWeights } = problem
  const { values } = kernel
  const { panels, width, vectorAt, sumsAt, dotsAt, factorsAt, likelihoodAt } = layoutOf(columns)
  values.fill(0, vectorAt, sumsAt + width)
  values.set(weights, vectorAt)
  let objective = 0
  let total = 0
  for (let start = 0; start < rows; start += stride * mixtureBlock) {
    const at = 8 * (likelihoodAt + start * width)
    const count = Math.min(mixtureBlock, rows - start)
    values.fill(0, dotsAt, factorsAt + mixtureBlock)
    kernel.panelDots(panels, mixtureBlock, 8 * vectorAt, at, 8 * dotsAt)
    for (let line = 0; line < count; line++) {
      const density = (values[dotsAt + 2 * line] as number) + (values[dotsAt + 2 * line + 1] as number)
      const weight = recordWeights[start + line] as number
      densities[start + line] = density
      objective += weight * Math.log(density)
      values[factorsAt + line] = weight / density
      total += weight
    }
    kernel.panelSums(panels, mixtureBlock, 8 * factorsAt, at, 8 * sumsAt)
  }
  for (let column = 0; column < columns; column++)
    gradient[column] = (values[sumsAt + column] as number) / total
  return objective / total
}

/** Of the rows looked at: Σ_i v_i L_ik L_il / (Lw)_i², the negative second derivatives, of which the lower triangle is made. */
export function mixtureHessian(problem: MixtureProblem, stride: Stride, densities: Float64Array): Matrix {
  const { kernel, rows, columns, recordWeights } = problem
  const { values } = kernel
  const { panels, width, productAt, factorsAt, scaledAt, likelihoodAt } = layoutOf(columns)
  values.fill(0, productAt, productAt + width * width)
  let total = 0
  for (let start = 0; start < rows; start += stride * mixtureBlock) {
    const count = Math.min(mixtureBlock, rows - start)
    values.fill(0, factorsAt, factorsAt + mixtureBlock)
    for (let line = 0; line < count; line++) {
      const weight = recordWeights[start + line] as number
      values[factorsAt + line] = Math.sqrt(weight) / (densities[start + line] as number)
      total += weight
    }
    const at = 8 * (likelihoodAt + start * width)
    kernel.panelScale(panels, mixtureBlock, 8 * factorsAt, at, 8 * scaledAt)
    for (let panel = 0; panel < panels; panel++) {
      const from = 8 * (scaledAt + panel * mixtureBlock * gramPanel)
      const into = 8 * (productAt + panel * gramPanel * (width + 1))
      kernel.gram(panels - panel, mixtureBlock, from, from, into, 8 * width)
    }
  }
  const hessian = zeros(columns, columns)
  for (let row = 0; row < columns; row++) {
    for (let column = 0; column <= row; column++) {
      const value = (values[productAt + row * width + column] as number) / total
      hessian.data[row * columns + column] = value
      hessian.data[column * columns + row] = value
    }
  }
  return hessian
}
