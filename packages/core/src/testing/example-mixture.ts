import { Mixture } from '../mixture/mixture.ts'
import { normal } from '../random/normal.ts'
import { createRandom } from '../random/random.ts'
import { fakeEncoder } from './fake-encoder.ts'

export interface ExampleMixtureOptions {
  /** Default 4. */
  readonly personas?: number
  /** Default 6; 0 for a mixture without exemplars. */
  readonly exemplars?: number
  /** d, default 3. */
  readonly rank?: number
  /** d′ of `fakeEncoder`, default 32. */
  readonly dimension?: number
}

/**
 * A mixture for tests and benchmarks, with random weights from a fixed seed and an attribute `age` (`young`, `old`) of
 * which even personas are mostly young. Its encoder is `fakeEncoder({ dimension })`.
 */
export function exampleMixture(options: ExampleMixtureOptions = {}): Mixture {
  const { personas = 4, exemplars = 6, rank = 3, dimension = 32 } = options
  const random = createRandom('example mixture')
  const numbers = (count: number): Float64Array =>
    Float64Array.from({ length: count }, () => Math.fround(normal(random)))
  return new Mixture({
    personas: Array.from({ length: personas }, (_, k) => ({
      id: `persona-${k + 1}`,
      text: `Writes like crowd number ${k + 1}, briefly.`,
    })),
    exemplars: Array.from({ length: exemplars }, (_, j) => ({
      id: `exemplar-${j + 1}`,
      input: `What do you say to ${j + 1}?`,
      output: `We say ${'so '.repeat(j)}it is number ${j + 1}.`,
    })),
    gate: {
      d: rank,
      dPrime: dimension,
      wx: numbers(rank * dimension),
      personas: { rows: personas, columns: rank, data: numbers(personas * rank) },
      exemplars: { rows: exemplars, columns: rank, data: numbers(exemplars * rank) },
      personaOffsets: numbers(personas),
      exemplarOffsets: numbers(exemplars),
      logTemperatures: Float64Array.from({ length: personas }, (_, k) =>
        Math.fround(Math.log(0.7 + 0.1 * (k % 6))),
      ),
    },
    encoder: { id: fakeEncoder({ dimension }).id, dimension },
    provenance: { scorer: 'none', template: 'chat-1', records: 0, seed: 'example mixture' },
    attributes: [
      {
        name: 'age',
        values: ['old', 'young'],
        probabilities: Float64Array.from({ length: 2 * personas }, (_, index) =>
          (index + Math.floor(index / 2)) % 2 === 0 ? 0.125 : 0.875,
        ),
      },
    ],
  })
}
