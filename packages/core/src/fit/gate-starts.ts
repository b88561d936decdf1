import { multiply } from '../numeric/gemm.ts'
import { dot } from '../numeric/dot.ts'
import { matrix, type Matrix } from '../numeric/matrix.ts'
import { orthonormalRows } from '../numeric/orthonormal-rows.ts'
import { normal } from '../random/normal.ts'
import type { Random } from '../random/random.ts'
import { type Encodings, type GateObjective, noRegularisation } from './gate-objective.ts'
import { type GatePointLayout, pointFunction } from './gate-point.ts'

/**
 * The directions in which the objective leaves the constant gate fastest. Near W = 0 it is quadratic in the stacked
 * W = [W_x W_g W_e]: L ≈ L₀ + Σ_r w_rᵀ G w_r over the rows of W. With the penalty λ ‖W‖² the constant gate is a maximum
 * exactly where λ is at least the largest eigenvalue of G, which therefore starts the path of λ.
 */
export interface SpectralStart {
  /** Largest eigenvalues of G, descending, d of them. */
  readonly eigenvalues: Float64Array
  /** Their unit eigenvectors as rows: a point's W_x, W_g, W_e parts, each d × d′. */
  readonly directions: Float64Array
}

/** By block power iteration, shifted because eigenvalues come in both signs; each pass is one gradient. */
export function spectralStart(
  layout: GatePointLayout,
  objective: GateObjective,
  constant: Float64Array,
  random: Random,
  passes = 8,
): SpectralStart {
  const { d, dPrime } = layout
  const size = d * dPrime
  const scale = 1e-2
  const evaluate = pointFunction(layout, objective, noRegularisation)
  const gradient = new Float64Array(constant.length)
  /** d rows of length 3 d′, from and to the point's three d × d′ parts. */
  const stacked = (part: number, row: number, column: number) => row * 3 * dPrime + part * dPrime + column
  const toPoint = (rows: Matrix, point: Float64Array, factor: number) => {
    for (let part = 0; part < 3; part++) {
      for (let row = 0; row < d; row++) {
        for (let column = 0; column < dPrime; column++) {
          point[part * size + row * dPrime + column] =
            factor * (rows.data[stacked(part, row, column)] as number)
        }
      }
    }
  }
  let vectors = orthonormalRows(
    matrix(
      d,
      3 * dPrime,
      Float64Array.from({ length: 3 * size }, () => normal(random)),
    ),
  )
  let eigenvalues = new Float64Array(d)
  let shift = 0
  for (let pass = 0; pass < passes; pass++) {
    const point = constant.slice()
    toPoint(vectors, point, scale)
    evaluate(point, gradient)
    const image = new Float64Array(3 * size)
    for (let part = 0; part < 3; part++) {
      for (let row = 0; row < d; row++) {
        for (let column = 0; column < dPrime; column++) {
          // d/dw of wᵀ G w is 2 G w, and the function is −L.
          image[stacked(part, row, column)] =
            -(gradient[part * size + row * dPrime + column] as number) / (2 * scale)
        }
      }
    }
    const width = 3 * dPrime
    eigenvalues = Float64Array.from({ length: d }, (_, row) =>
      dot(vectors.data, image, width, row * width, row * width),
    )
    for (let row = 0; row < d; row++) {
      shift = Math.max(shift, Math.sqrt(dot(image, image, width, row * width, row * width)))
    }
    if (pass === passes - 1) break
    const order = Array.from(eigenvalues.keys()).sort(
      (a, b) => (eigenvalues[b] as number) - (eigenvalues[a] as number),
    )
    const next = new Float64Array(3 * size)
    order.forEach((from, row) => {
      for (let column = 0; column < width; column++) {
        next[row * width + column] =
          (image[from * width + column] as number) +
          0.5 * shift * (vectors.data[from * width + column] as number)
      }
    })
    vectors = orthonormalRows(matrix(d, width, next))
  }
  const directions = new Float64Array(3 * size)
  toPoint(vectors, directions, 1)
  return { eigenvalues, directions }
}

/**
 * W_x = W_g = W_e = P, the d leading principal directions of all encodings together: scaled by s, a gate whose weights follow
 * s² times the similarity of the encoded texts.
 */
export function similarityProjection(
  encodings: readonly Encodings[],
  d: number,
  random: Random,
  passes = 6,
): Float64Array {
  const dPrime = encodings[0]?.columns ?? 0
  const rows = encodings.reduce((sum, { rows: count }) => sum + count, 0)
  const mean = new Float64Array(dPrime)
  const all = new Float64Array(rows * dPrime)
  let at = 0
  for (const { data } of encodings) {
    all.set(data, at)
    at += data.length
  }
  for (let index = 0; index < all.length; index++) {
    const column = index % dPrime
    mean[column] = (mean[column] as number) + (all[index] as number) / rows
  }
  for (let index = 0; index < all.length; index++) {
    all[index] = (all[index] as number) - (mean[index % dPrime] as number)
  }
  const centred = matrix(rows, dPrime, all)
  const covariance = multiply(centred, centred, { transposeA: true })
  let basis = orthonormalRows(
    matrix(
      d,
      dPrime,
      Float64Array.from({ length: d * dPrime }, () => normal(random)),
    ),
  )
  for (let pass = 0; pass < passes; pass++) basis = orthonormalRows(multiply(basis, covariance))
  return basis.data
}
