import { mixBits } from './text-features.ts'

/** Rows of (column, value) pairs. */
export interface SparseMatrix {
  readonly columns: number
  readonly rows: readonly { readonly indexes: Int32Array; readonly values: Float64Array }[]
}

export interface TruncatedSvd {
  /** Largest first. */
  readonly singularValues: Float64Array
  /** Right singular vectors, one after the other: `rank` × `columns`. */
  readonly rightVectors: Float64Array
}

const oversampling = 10
const powerIterations = 2

/**
 * The `rank` leading singular values and right singular vectors of a sparse matrix, by the randomised range finder with
 * power iterations (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1). Deterministic for a seed.
 */
export function truncatedSvd(matrix: SparseMatrix, rank: number, seed: number): TruncatedSvd {
  const width = Math.min(rank + oversampling, matrix.rows.length, matrix.columns)
  const kept = Math.min(rank, width)
  let projected = multiply(matrix, signMatrix(matrix.columns, width, seed), width)
  orthonormalise(projected, matrix.rows.length, width)
  for (let iteration = 0; iteration < powerIterations; iteration++) {
    projected = multiply(matrix, multiplyTransposed(matrix, projected, width), width)
    orthonormalise(projected, matrix.rows.length, width)
  }
  const small = multiplyTransposed(matrix, projected, width)
  const gram = gramMatrix(small, matrix.columns, width)
  const { values, vectors } = symmetricEigen(gram, width)
  const singularValues = new Float64Array(kept)
  const rightVectors = new Float64Array(kept * matrix.columns)
  for (let k = 0; k < kept; k++) {
    const singular = Math.sqrt(Math.max(0, values[k] ?? 0))
    singularValues[k] = singular
    if (singular === 0) continue
    for (let column = 0; column < matrix.columns; column++) {
      let sum = 0
      for (let j = 0; j < width; j++) sum += (small[column * width + j] ?? 0) * (vectors[j * width + k] ?? 0)
      rightVectors[k * matrix.columns + column] = sum / singular
    }
  }
  return { singularValues, rightVectors }
}

function signMatrix(rows: number, columns: number, seed: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, index) =>
    (mixBits(mixBits(index + 1) ^ seed) & 1) === 0 ? 1 : -1,
  )
}

/** A · B for a dense row-major B with `width` columns. */
function multiply(matrix: SparseMatrix, dense: Float64Array, width: number): Float64Array {
  const result = new Float64Array(matrix.rows.length * width)
  for (const [row, { indexes, values }] of matrix.rows.entries()) {
    const to = row * width
    for (let entry = 0; entry < indexes.length; entry++) {
      const value = values[entry] as number
      const from = (indexes[entry] as number) * width
      for (let j = 0; j < width; j++)
        result[to + j] = (result[to + j] as number) + value * (dense[from + j] as number)
    }
  }
  return result
}

/** Aᵀ · B for a dense row-major B with `width` columns. */
function multiplyTransposed(matrix: SparseMatrix, dense: Float64Array, width: number): Float64Array {
  const result = new Float64Array(matrix.columns * width)
  for (const [row, { indexes, values }] of matrix.rows.entries()) {
    const from = row * width
    for (let entry = 0; entry < indexes.length; entry++) {
      const value = values[entry] as number
      const to = (indexes[entry] as number) * width
      for (let j = 0; j < width; j++)
        result[to + j] = (result[to + j] as number) + value * (dense[from + j] as number)
    }
  }
  return result
}

/** Columns of a row-major matrix made orthonormal in place (modified Gram–Schmidt, twice); dependent columns become zero. */
function orthonormalise(dense: Float64Array, rows: number, width: number): void {
  const columns = Array.from({ length: width }, (_, j) => {
    const column = new Float64Array(rows)
    for (let row = 0; row < rows; row++) column[row] = dense[row * width + j] as number
    return column
  })
  for (const [j, column] of columns.entries()) {
    const length = Math.sqrt(inner(column, column))
    for (let pass = 0; pass < 2; pass++) {
      for (const before of columns.slice(0, j)) {
        const overlap = inner(column, before)
        for (let row = 0; row < rows; row++)
          column[row] = (column[row] as number) - overlap * (before[row] as number)
      }
    }
    const left = Math.sqrt(inner(column, column))
    const scale = left > 1e-10 * length ? 1 / left : 0
    for (let row = 0; row < rows; row++) {
      column[row] = (column[row] as number) * scale
      dense[row * width + j] = column[row] as number
    }
  }
}

function gramMatrix(dense: Float64Array, rows: number, width: number): Float64Array {
  const gram = new Float64Array(width * width)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      const value = dense[row * width + i] as number
      for (let j = i; j < width; j++) {
        gram[i * width + j] = (gram[i * width + j] as number) + value * (dense[row * width + j] as number)
      }
    }
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j < i; j++) gram[i * width + j] = gram[j * width + i] as number
  return gram
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number)
  return sum
}

/** Eigenvalues (largest first) and eigenvectors (as columns) of a symmetric matrix by cyclic Jacobi rotations. */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix)
  const v = new Float64Array(size * size)
  for (let i = 0; i < size; i++) v[i * size + i] = 1
  const scale = Math.sqrt(inner(a, a))
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += (a[p * size + q] as number) ** 2
    if (Math.sqrt(off) <= 1e-13 * scale) break
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = a[p * size + q] as number
        if (Math.abs(apq) <= 1e-300) continue
        const theta = ((a[q * size + q] as number) - (a[p * size + p] as number)) / (2 * apq)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        rotateRows(a, p * size, q * size, size, c, s)
        rotateColumns(a, p, q, size, c, s)
        rotateColumns(v, p, q, size, c, s)
      }
    }
  }
  const order = Array.from({ length: size }, (_, k) => k).sort(
    (i, j) => (a[j * size + j] as number) - (a[i * size + i] as number),
  )
  const vectors = new Float64Array(size * size)
  for (const [k, from] of order.entries()) {
    for (let row = 0; row < size; row++) vectors[row * size + k] = v[row * size + from] as number
  }
  return { values: Float64Array.from(order, (k) => a[k * size + k] as number), vectors }
}

function rotateRows(a: Float64Array, p: number, q: number, size: number, c: number, s: number): void {
  for (let k = 0; k < size; k++) {
    const x = a[p + k] as number
    const y = a[q + k] as number
    a[p + k] = c * x - s * y
    a[q + k] = s * x + c * y
  }
}

function rotateColumns(a: Float64Array, p: number, q: number, size: number, c: number, s: number): void {
  for (let k = 0; k < size * size; k += size) {
    const x = a[k + p] as number
    const y = a[k + q] as number
    a[k + p] = c * x - s * y
    a[k + q] = s * x + c * y
  }
}
