import { dot } from './dot.ts'
import type { KernelName } from './kernel.ts'
import { type Matrix, zeros } from './matrix.ts'
import { type SymmetricKernel, symmetricKernel } from './symmetric-kernel.ts'

export interface TridiagonalForm {
  /** The n diagonal entries of T. */
  readonly diagonal: Float64Array
  /** Entry k couples k and k + 1; the last is 0. */
  readonly offDiagonal: Float64Array
  /** Row k holds the vector of the k-th Householder reflection I − scale v vᵀ, zero up to column k. Empty unless kept. */
  readonly reflections: Matrix
  readonly scales: Float64Array
}

/**
 * Householder's reduction of a symmetric matrix to tridiagonal form: a / unit = Q T Qᵀ, with Q the product of the reflections in order.
 * 4/3 n³ operations. The rank-two update of one step and the matrix-vector product of the next go over the lower triangle
 * together, so that each entry is fetched once a step (a fusion described by Howell et al., 2008).
 *
 * @param a n × n; only its lower triangle is read.
 * @param keep whether the reflections are kept, for eigenvectors.
 */
export function tridiagonalForm(a: Matrix, unit: number, keep: boolean, kernel: KernelName): TridiagonalForm {
  const n = a.rows
  const diagonal = new Float64Array(n)
  const offDiagonal = new Float64Array(n)
  const scales = new Float64Array(n)
  const reflections = keep ? zeros(n, n) : zeros(0, n)
  // Pairs of rows and columns go together: an odd n gets one of zeros more.
  const even = n + (n & 1)
  const { values, reduce } = symmetricKernel(kernel, even * (even + 6))
  values.fill(0, 0, even * (even + 6))
  const sums = 4 * even
  const entries = 6 * even
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      values[entries + row * even + column] = (a.data[row * n + column] as number) / unit
    }
    // Blocks of two on the diagonal are kept whole.
    if ((row & 1) === 1) {
      values[entries + (row - 1) * even + row] = values[entries + row * even + row - 1] as number
    }
  }
  // The step before: what is still to be taken from the rest of the matrix is −v wᵀ − w vᵀ.
  let v = 0
  let w = even
  let next = 2 * even
  let product = 3 * even
  for (let k = 0; k < n; k++) {
    const vk = values[v + k] as number
    const wk = values[w + k] as number
    diagonal[k] = (values[entries + k * (even + 1)] as number) + 2 * vk * wk
    if (k === n - 1) break
    let largest = 0
    for (let row = k + 1; row < n; row++) {
      const entry = values[entries + row * even + k] as number
      const value = entry + (values[v + row] as number) * wk + (values[w + row] as number) * vk
      values[next + row] = value
      largest = Math.max(largest, Math.abs(value))
    }
    values.fill(0, next, next + k + 1)
    let scale = 0
    if (largest > 0) {
      // Scaled by the largest entry, so that squares neither overflow nor vanish.
      for (let row = next + k + 1; row < next + n; row++) values[row] = (values[row] as number) / largest
      const norm = Math.sqrt(dot(values, values, n - k - 1, next + k + 1, next + k + 1))
      const first = values[next + k + 1] as number
      const target = first > 0 ? -norm : norm
      offDiagonal[k] = target * largest
      values[next + k + 1] = first - target
      // 2 / vᵀv of the vector that maps the column to (target, 0, …).
      scale = 1 / (norm * (norm + Math.abs(first)))
    }
    scales[k] = scale
    values.fill(0, product, product + even)
    updateAndMultiply(values, reduce, even, k + 1, { v, w, next, product, sums, entries })
    values.fill(0, product, product + k + 1)
    const half = (scale * scale * dot(values, values, n - k - 1, product + k + 1, next + k + 1)) / 2
    for (let row = k + 1; row < n; row++) {
      values[product + row] =
        half * (values[next + row] as number) - scale * (values[product + row] as number)
    }
    if (keep) reflections.data.set(values.subarray(next, next + n), k * n)
    ;[v, next] = [next, v]
    ;[w, product] = [product, w]
  }
  return { diagonal, offDiagonal, reflections, scales }
}

interface Places {
  readonly v: number
  readonly w: number
  readonly next: number
  readonly product: number
  readonly sums: number
  readonly entries: number
}

/**
 * Rows and columns from `start` on: entries += v wᵀ + w vᵀ, then product += entries · next; lower triangle only. Where `start` is odd, the
 * row before is touched too, which nothing reads any more.
 */
function updateAndMultiply(
  values: Float64Array,
  reduce: SymmetricKernel['reduce'],
  even: number,
  start: number,
  { v, w, next, product, sums, entries }: Places,
): void {
  const first = start & ~1
  // The first block on the diagonal has no columns before it.
  for (let row = first; row < first + 2; row++) {
    let sum = 0
    for (let column = first; column < first + 2; column++) {
      const at = entries + row * even + column
      const entry =
        (values[at] as number) +
        (values[v + row] as number) * (values[w + column] as number) +
        (values[w + row] as number) * (values[v + column] as number)
      values[at] = entry
      sum += entry * (values[next + column] as number)
    }
    values[sums + 2 * row] = sum
    values[sums + 2 * row + 1] = 0
  }
  const pairs = (even - first) / 2 - 1
  if (pairs > 0) {
    const second = sums + 2 * (first + 2)
    const row = entries + (first + 2) * even + first
    reduce(
      pairs,
      1,
      8 * row,
      8 * even,
      8 * (v + first),
      8 * (w + first),
      8 * (next + first),
      8 * (product + first),
      8 * second,
    )
  }
  for (let row = first; row < even; row++) {
    const sum = (values[sums + 2 * row] as number) + (values[sums + 2 * row + 1] as number)
    values[product + row] = (values[product + row] as number) + sum
  }
}
