import { InvalidArgumentError } from '@mop/core'
import { checkEmbeddings, type Embeddings, unitRows } from './embeddings.ts'
import { forEachPairBlock } from './pair-blocks.ts'

export interface NearestCosines {
  /** The largest cosine of each simulated row with a known one. */
  readonly cosines: Float64Array
  /** The known row that has it. */
  readonly sources: Int32Array
  /** Share of the simulated rows whose cosine reaches the threshold. */
  readonly rate: number
  /** The one that was taken. */
  readonly threshold: number
}

/**
 * The nearest known text of each simulated response in the encoder's space, and the share of responses that are as near as a copy. From 0
 * to 1, lower is better. What a threshold means depends on the encoder: read the rate beside that of one half of the real records
 * against the other. n₁ n₂ d′ multiplications.
 *
 * @param simulated n₁ × d′, n₁ ≥ 1.
 * @param known n₂ × d′, n₂ ≥ 1, of the same encoder.
 * @param threshold a cosine from −1 to 1. Default 0.95.
 * @throws InvalidArgumentError without rows, for different dimensions, values that are not finite, a row without a direction, or a threshold out of range.
 */
export function nearestCosines(simulated: Embeddings, known: Embeddings, threshold = 0.95): NearestCosines {
  checkEmbeddings('simulated', simulated, 1)
  checkEmbeddings('known', known, 1)
  if (simulated.columns !== known.columns) {
    throw new InvalidArgumentError({
      argument: 'known',
      expected: `of dimension ${simulated.columns}, as simulated`,
      found: known.columns,
      remedy: 'Encode both with the same encoder.',
    })
  }
  if (!(threshold >= -1 && threshold <= 1)) {
    throw new InvalidArgumentError({ argument: 'threshold', expected: 'from −1 to 1', found: threshold })
  }
  const cosines = new Float64Array(simulated.rows).fill(-Infinity)
  const sources = new Int32Array(simulated.rows)
  forEachPairBlock(unitRows(simulated), unitRows(known), (block) => {
    for (let row = 0; row < block.rows; row++) {
      const at = block.rowStart + row
      for (let column = 0; column < block.columns; column++) {
        const cosine = block.products[row * block.columns + column] as number
        if (cosine > (cosines[at] as number)) {
          cosines[at] = cosine
          sources[at] = block.columnStart + column
        }
      }
    }
  })
  let copies = 0
  for (const [index, cosine] of cosines.entries()) {
    cosines[index] = Math.max(-1, Math.min(1, cosine))
    // Equal rows may fall short of 1 by the rounding of their products.
    if (cosine >= threshold - 1e-6) copies++
  }
  return { cosines, sources, rate: copies / simulated.rows, threshold }
}
