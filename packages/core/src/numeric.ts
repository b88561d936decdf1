export { allocateByLargestRemainder } from './numeric/allocate-by-largest-remainder.ts'
export type { MultiplyOptions } from './numeric/gemm.ts'
export { multiply } from './numeric/gemm.ts'
export { dot } from './numeric/dot.ts'
export { exponentials } from './numeric/exponentials.ts'
export type { KernelName } from './numeric/kernel.ts'
export type { Matrix } from './numeric/matrix.ts'
export { matrix, matrixFromRows, selectRows, zeros } from './numeric/matrix.ts'
export type { MeanAndStandardError } from './numeric/mean-and-standard-error.ts'
export { meanAndStandardError } from './numeric/mean-and-standard-error.ts'
export { quantile } from './numeric/quantile.ts'
export type { Points } from './numeric/squared-distances.ts'
export { directDistance, squaredNorms } from './numeric/squared-distances.ts'
export { effectiveNumber } from './numeric/effective-number.ts'
export type {
  SymmetricEigen,
  SymmetricEigenOptions,
  SymmetricEigenvaluesOptions,
} from './numeric/symmetric-eigen.ts'
export { symmetricEigen, symmetricEigenvalues } from './numeric/symmetric-eigen.ts'
export type { Scatter } from './numeric/scatter.ts'
export { scatterOf } from './numeric/scatter.ts'
