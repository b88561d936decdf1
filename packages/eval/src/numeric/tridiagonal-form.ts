import { dot, type Matrix, multiply, zeros } from '@mop/core/numeric'

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
 * Householder's reduction of a symmetric matrix to tridiagonal form: a = Q T Qᵀ, with Q the product of the reflections in order.
 * 4/3 n³ operations. The rank-two update of one step and the matrix-vector product of the next go over the lower triangle
 * together, so that each entry is fetched once a step (a fusion described by Howell et al., 2008).
 *
 * @param a n × n; only its lower triangle is read.
 * @param keep whether the reflections are kept, for eigenvectors.
 */
export function tridiagonalForm(a: Matrix, keep: boolean): TridiagonalForm {
  const n = a.rows
  const entries = a.data.slice()
  const diagonal = new Float64Array(n)
  const offDiagonal = new Float64Array(n)
  const scales = new Float64Array(n)
  const reflections = keep ? zeros(n, n) : zeros(0, n)
  // The step before: what is still to be taken from the rest of the matrix is v wᵀ + w vᵀ.
  let v = new Float64Array(n)
  let w = new Float64Array(n)
  let next = new Float64Array(n)
  let product = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    const vk = v[k] as number
    const wk = w[k] as number
    diagonal[k] = (entries[k * n + k] as number) - 2 * vk * wk
    if (k === n - 1) break
    let largest = 0
    for (let row = k + 1; row < n; row++) {
      const value = (entries[row * n + k] as number) - (v[row] as number) * wk - (w[row] as number) * vk
      next[row] = value
      largest = Math.max(largest, Math.abs(value))
    }
    next.fill(0, 0, k + 1)
    let scale = 0
    if (largest > 0) {
      // Scaled by the largest entry, so that squares neither overflow nor vanish.
      for (let row = k + 1; row < n; row++) next[row] = (next[row] as number) / largest
      const norm = Math.sqrt(dot(next, next, n - k - 1, k + 1, k + 1))
      const first = next[k + 1] as number
      const target = first > 0 ? -norm : norm
      offDiagonal[k] = target * largest
      next[k + 1] = first - target
      // 2 / vᵀv of the vector that maps the column to (target, 0, …).
      scale = 1 / (norm * (norm + Math.abs(first)))
    }
    scales[k] = scale
    product.fill(0)
    updateAndMultiply(entries, n, k + 1, v, w, next, product)
    const half = (scale * scale * dot(product, next, n - k - 1, k + 1, k + 1)) / 2
    for (let row = k + 1; row < n; row++) {
      product[row] = scale * (product[row] as number) - half * (next[row] as number)
    }
    if (keep) reflections.data.set(next, k * n)
    ;[v, next] = [next, v]
    ;[w, product] = [product, w]
  }
  return { diagonal, offDiagonal, reflections, scales }
}

/** Rows and columns from `start` on: entries −= v wᵀ + w vᵀ, then product += entries · next; lower triangle only. */
function updateAndMultiply(
  entries: Float64Array,
  n: number,
  start: number,
  v: Float64Array,
  w: Float64Array,
  next: Float64Array,
  product: Float64Array,
): void {
  for (let row = start; row < n; row++) {
    const offset = row * n
    const vr = v[row] as number
    const wr = w[row] as number
    const nr = next[row] as number
    let sum = 0
    for (let column = start; column < row; column++) {
      const entry =
        (entries[offset + column] as number) - vr * (w[column] as number) - wr * (v[column] as number)
      entries[offset + column] = entry
      sum += entry * (next[column] as number)
      product[column] = (product[column] as number) + entry * nr
    }
    const own = (entries[offset + row] as number) - 2 * vr * wr
    entries[offset + row] = own
    product[row] = (product[row] as number) + sum + own * nr
  }
}

/** Reflections that are applied together, as I − Vᵀ T V (Schreiber and Van Loan, 1989): nearly all work is matrix products. */
const together = 32

/** Q of a = Q T Qᵀ, n × n, from the kept reflections. */
export function accumulateReflections({ reflections, scales }: TridiagonalForm): Matrix {
  const n = reflections.columns
  const q = zeros(n, n)
  for (let index = 0; index < n; index++) q.data[index * (n + 1)] = 1
  const last = Math.max(0, n - 1)
  for (let start = Math.floor(Math.max(0, last - 1) / together) * together; start >= 0; start -= together) {
    const count = Math.min(together, last - start)
    if (count <= 0) continue
    const block = { rows: count, columns: n, data: reflections.data.subarray(start * n, (start + count) * n) }
    const coupling = triangularCoupling(block, scales.subarray(start, start + count))
    const projected = multiply(coupling, multiply(block, q))
    for (let index = 0; index < projected.data.length; index++) {
      projected.data[index] = -(projected.data[index] as number)
    }
    multiply(block, projected, { transposeA: true, out: q.data, accumulate: true })
  }
  return q
}

/** The upper triangular T with (I − s₀ v₀ v₀ᵀ)(I − s₁ v₁ v₁ᵀ)… = I − Vᵀ T V. */
function triangularCoupling(block: Matrix, scales: Float64Array): Matrix {
  const count = block.rows
  const inner = multiply(block, block, { transposeB: true })
  const coupling = zeros(count, count)
  for (let column = 0; column < count; column++) {
    const scale = scales[column] as number
    coupling.data[column * count + column] = scale
    for (let row = 0; row < column; row++) {
      let sum = 0
      for (let k = row; k < column; k++) {
        sum += (coupling.data[row * count + k] as number) * (inner.data[k * count + column] as number)
      }
      coupling.data[row * count + column] = -scale * sum
    }
  }
  return coupling
}
