import { multiply } from './gemm.ts'
import { type Matrix, zeros } from './matrix.ts'
import type { TridiagonalForm } from './tridiagonal-form.ts'

/** Reflections that are applied together, as I − Vᵀ T V (Schreiber and Van Loan, 1989): nearly all work is matrix products. */
const together = 32

/** Turns each row of `rows` (m × n), a vector in the coordinates of T, into the vector Q row of those of a = Q T Qᵀ, in place. */
export function applyReflections({ reflections, scales }: TridiagonalForm, rows: Matrix): void {
  const n = reflections.columns
  const last = Math.max(0, n - 1)
  for (let start = Math.floor(Math.max(0, last - 1) / together) * together; start >= 0; start -= together) {
    const count = Math.min(together, last - start)
    if (count <= 0) continue
    const block = { rows: count, columns: n, data: reflections.data.subarray(start * n, (start + count) * n) }
    const coupling = triangularCoupling(block, scales.subarray(start, start + count))
    const projected = multiply(multiply(rows, block, { transposeB: true }), coupling, { transposeB: true })
    multiply(projected, block, { out: rows.data, accumulate: true })
  }
}

/** The upper triangular −T with (I − s₀ v₀ v₀ᵀ)(I − s₁ v₁ v₁ᵀ)… = I − Vᵀ T V. */
function triangularCoupling(block: Matrix, scales: Float64Array): Matrix {
  const count = block.rows
  const inner = multiply(block, block, { transposeB: true })
  const coupling = zeros(count, count)
  for (let column = 0; column < count; column++) {
    const scale = scales[column] as number
    coupling.data[column * count + column] = -scale
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
