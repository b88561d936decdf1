import { InvalidArgumentError } from '@mop/core'
import { type Matrix, matrix, squaredNorms } from '@mop/core/numeric'

/** n embeddings of dimension d′, one a row: n × d′, row-major, in either precision. */
export type Embeddings = Matrix<Float32Array> | Matrix<Float64Array>

/** What an encoder returns as one float32 matrix. @throws InvalidArgumentError for vectors of different lengths. */
export function embeddingsOf(vectors: readonly ArrayLike<number>[]): Matrix<Float32Array> {
  const columns = vectors[0]?.length ?? 0
  const data = new Float32Array(vectors.length * columns)
  vectors.forEach((vector, index) => {
    if (vector.length !== columns) {
      throw new InvalidArgumentError({
        argument: `vectors[${index}]`,
        expected: `of length ${columns}, as the first`,
        found: `length ${vector.length}`,
      })
    }
    data.set(vector, index * columns)
  })
  return matrix(vectors.length, columns, data)
}

/** @throws InvalidArgumentError for fewer rows than `least`, no column, or a value that is not finite. */
export function checkEmbeddings(argument: string, embeddings: Embeddings, least: number): void {
  checkShape(argument, embeddings, least)
  checkFinite(argument, embeddings)
}

/** @throws InvalidArgumentError for fewer rows than `least` or no column. */
export function checkShape(argument: string, { rows, columns, data }: Embeddings, least: number): void {
  if (rows < least || columns < 1 || data.length !== rows * columns) {
    throw new InvalidArgumentError({
      argument,
      expected: `at least ${least} rows of at least one column`,
      found: `${rows} x ${columns} with ${data.length} values`,
    })
  }
}

/** @throws InvalidArgumentError for a value that is not finite. */
export function checkFinite(argument: string, { columns, data }: Embeddings): void {
  // What is not finite leaves no sum finite: one sum finds that there is none.
  let sum = 0
  for (let index = 0; index < data.length; index++) sum += data[index] as number
  if (Number.isFinite(sum)) return
  for (let index = 0; index < data.length; index++) {
    if (!Number.isFinite(data[index])) {
      throw new InvalidArgumentError({
        argument,
        expected: 'finite',
        found: `${data[index]} in row ${Math.floor(index / columns)}`,
      })
    }
  }
}

/** Both sides of a comparison. @throws InvalidArgumentError also where their dimensions differ. */
export function checkPair(real: Embeddings, simulated: Embeddings, least: number): void {
  checkPairShape(real, simulated, least)
  checkFinite('real', real)
  checkFinite('simulated', simulated)
}

/** Both sides of a comparison. @throws InvalidArgumentError also where their dimensions differ. */
export function checkPairShape(real: Embeddings, simulated: Embeddings, least: number): void {
  checkShape('real', real, least)
  checkShape('simulated', simulated, least)
  if (real.columns !== simulated.columns) {
    throw new InvalidArgumentError({
      argument: 'simulated',
      expected: `of dimension ${real.columns}, as real`,
      found: simulated.columns,
      remedy: 'Encode both with the same encoder.',
    })
  }
}

/** The squares of shorter rows are so small that float64 rounds them to few digits. */
const shortest = 2 ** -500

/** The rows' lengths. @throws InvalidArgumentError naming a row without a direction: of zeros, or too short or long for its square to be told. */
export function lengthsOf(embeddings: Embeddings): Float64Array {
  const norms = squaredNorms(embeddings).map((square) => Math.sqrt(square))
  const wrong = norms.findIndex((norm) => !(norm >= shortest && norm < Infinity))
  if (wrong >= 0) {
    throw new InvalidArgumentError({
      argument: `embeddings, row ${wrong}`,
      expected: 'of a length whose square is neither infinite nor 0 or nearly so, to have a direction',
      found: `length ${norms[wrong]}`,
    })
  }
  return norms
}

/** A copy with every row at unit length. @throws InvalidArgumentError as `lengthsOf`. */
export function unitRows<Rows extends Embeddings>(embeddings: Rows): Rows {
  const { rows, columns } = embeddings
  const norms = lengthsOf(embeddings)
  const data = embeddings.data.slice()
  for (let row = 0; row < rows; row++) {
    const norm = norms[row] as number
    for (let index = row * columns; index < (row + 1) * columns; index++) {
      data[index] = (data[index] as number) / norm
    }
  }
  return { ...embeddings, data }
}
