import { directDistance, type Matrix, matrixFromRows, multiply, squaredNorms, zeros } from '@mop/core/numeric'
import type { ResampleWeights } from '../result/resample-weights.ts'
import type { Embeddings } from './embeddings.ts'
import { forEachPairBlock, type PairBlock } from './pair-blocks.ts'

/** Turns squared distances into what is averaged, in place. */
export type PairFunction = (squaredDistances: Float64Array) => void

/** Means of a function of the distance over pairs, an entry per weighting. */
export interface PairMeans {
  readonly withinReal: Float64Array
  readonly withinSimulated: Float64Array
  readonly across: Float64Array
}

/**
 * Weighted means of f(|x − y|²) over the pairs within each sample and across both, for all weightings at once: one pass over the
 * distances, block by block.
 *
 * @param own `left out`: a row is no pair with itself nor with its copies (unbiased); `counted`: it is, at distance 0.
 */
export function pairMeans(
  real: Embeddings,
  simulated: Embeddings,
  pairFunction: PairFunction,
  own: 'left out' | 'counted',
  weightings: readonly ResampleWeights[],
): PairMeans {
  const realWeights = columnsOf(weightings.map((weighting) => weighting.real))
  const simulatedWeights = columnsOf(weightings.map((weighting) => weighting.simulated))
  const atZero = new Float64Array(1)
  pairFunction(atZero)
  const within = (sample: Embeddings, weights: Matrix): Float64Array => {
    const sums = weightedSums(sample, undefined, pairFunction, weights, weights)
    const totals = columnSums(weights, 1)
    const squares = columnSums(weights, 2)
    return sums.map((sum, index) => {
      const total = totals[index] as number
      const square = squares[index] as number
      return own === 'counted'
        ? (sum + square * (atZero[0] as number)) / total ** 2
        : sum / (total ** 2 - square)
    })
  }
  const realTotals = columnSums(realWeights, 1)
  const simulatedTotals = columnSums(simulatedWeights, 1)
  const crossed = weightedSums(real, simulated, pairFunction, realWeights, simulatedWeights)
  return {
    withinReal: within(real, realWeights),
    withinSimulated: within(simulated, simulatedWeights),
    across: crossed.map(
      (sum, index) => sum / ((realTotals[index] as number) * (simulatedTotals[index] as number)),
    ),
  }
}

/** Σ w_i v_j f(i, j) for each column of the weights; within one sample over i ≠ j. */
function weightedSums(
  x: Embeddings,
  y: Embeddings | undefined,
  pairFunction: PairFunction,
  rowWeights: Matrix,
  columnWeights: Matrix,
): Float64Array {
  const count = rowWeights.columns
  const sums = new Float64Array(count)
  forEachSquaredDistances(x, y, (block, squared) => {
    pairFunction(squared)
    const diagonal = y === undefined && block.rowStart === block.columnStart
    if (diagonal) for (let row = 0; row < block.rows; row++) squared[row * (block.columns + 1)] = 0
    const values = { rows: block.rows, columns: block.columns, data: squared }
    const spread = multiply(values, rowsOf(columnWeights, block.columnStart, block.columns))
    const factor = y === undefined && !diagonal ? 2 : 1
    for (let row = 0; row < block.rows; row++) {
      for (let column = 0; column < count; column++) {
        const weight = rowWeights.data[(block.rowStart + row) * count + column] as number
        sums[column] =
          (sums[column] as number) + factor * weight * (spread.data[row * count + column] as number)
      }
    }
  })
  return sums
}

/** Visits squared distances block by block, exactly 0 for equal rows. */
export function forEachSquaredDistances(
  x: Embeddings,
  y: Embeddings | undefined,
  visit: (block: PairBlock, squared: Float64Array) => void,
): void {
  const other = y ?? x
  const xNorms = squaredNorms(x)
  const yNorms = y === undefined ? xNorms : squaredNorms(y)
  forEachPairBlock(x, y, (block) => {
    const squared = new Float64Array(block.products.length)
    for (let row = 0; row < block.rows; row++) {
      const i = block.rowStart + row
      for (let column = 0; column < block.columns; column++) {
        const j = block.columnStart + column
        const scale = (xNorms[i] as number) + (yNorms[j] as number)
        const at = row * block.columns + column
        const distance = scale - 2 * (block.products[at] as number)
        // The difference of large numbers says nothing about small distances.
        squared[at] =
          distance > 1e-3 * scale ? distance : directDistance(x, i, other.data, j * other.columns, x.columns)
      }
    }
    visit(block, squared)
  })
}

function columnsOf(weightings: readonly ArrayLike<number>[]): Matrix {
  const { rows, columns, data } = matrixFromRows(weightings)
  const turned = zeros(columns, rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned.data[column * rows + row] = data[row * columns + column] as number
    }
  }
  return turned
}

function rowsOf({ columns, data }: Matrix, start: number, rows: number): Matrix {
  return { rows, columns, data: data.subarray(start * columns, (start + rows) * columns) }
}

function columnSums({ rows, columns, data }: Matrix, power: 1 | 2): Float64Array {
  const sums = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      sums[column] = (sums[column] as number) + (data[row * columns + column] as number) ** power
    }
  }
  return sums
}
