import { dot } from '@mop/core/numeric'

/**
 * Solves A x = b for a symmetric positive definite A that is given as a product (Hestenes and Stiefel 1952). Ends where the residual is
 * `tolerance` times as long as b, or after `maxIterations`.
 *
 * @param product A · x, a new array.
 * @param tolerance default 1e-8.
 * @param maxIterations default ten times the unknowns, at most 1,000.
 */
export function solveConjugateGradient(
  product: (x: Float64Array) => Float64Array,
  b: Float64Array,
  {
    tolerance = 1e-8,
    maxIterations = Math.min(1000, 10 * b.length),
  }: { readonly tolerance?: number; readonly maxIterations?: number } = {},
): Float64Array {
  const x = new Float64Array(b.length)
  const residual = Float64Array.from(b)
  const direction = Float64Array.from(b)
  let square = dot(residual, residual)
  const least = square * tolerance * tolerance
  for (let iteration = 0; iteration < maxIterations && square > least; iteration++) {
    const image = product(direction)
    const step = square / dot(direction, image)
    for (let index = 0; index < b.length; index++) {
      x[index] = (x[index] as number) + step * (direction[index] as number)
      residual[index] = (residual[index] as number) - step * (image[index] as number)
    }
    const next = dot(residual, residual)
    for (let index = 0; index < b.length; index++) {
      direction[index] = (residual[index] as number) + (next / square) * (direction[index] as number)
    }
    square = next
  }
  return x
}
