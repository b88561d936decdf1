import type { Embeddings } from './embeddings.ts'

/** The rows of both, the real ones first; in float32 where both are. */
export function pooledRows(real: Embeddings, simulated: Embeddings): Embeddings {
  const { columns } = real
  const rows = real.rows + simulated.rows
  if (real.data instanceof Float32Array && simulated.data instanceof Float32Array) {
    const data = new Float32Array(rows * columns)
    data.set(real.data)
    data.set(simulated.data, real.data.length)
    return { rows, columns, data }
  }
  const data = new Float64Array(rows * columns)
  data.set(real.data)
  data.set(simulated.data, real.data.length)
  return { rows, columns, data }
}
