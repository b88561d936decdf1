import { type Matrix, zeros } from '../numeric/matrix.ts'
import { gramPanel } from '../numeric/wasm-scatter-code.ts'
import { mixtureBlock, mixtureLayout, type MixtureProblem } from './mixture-problem.ts'

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
  const { panels, width, vectorAt, sumsAt, dotsAt, factorsAt, likelihoodAt } = mixtureLayout(columns)
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
  const { panels, width, productAt, factorsAt, scaledAt, likelihoodAt } = mixtureLayout(columns)
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
