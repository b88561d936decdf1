import { createRandom, type Random } from '@mop/core'
import { type Matrix, zeros } from '@mop/core/numeric'

/** Rows with entries that are nearly normal, with a mean, a spread that falls from column to column, and `decay` for how fast. */
export function randomRows(seed: number, rows: number, columns: number, mean = 0, decay = 0.9): Matrix {
  const random = createRandom(seed)
  const sample = zeros(rows, columns)
  for (let index = 0; index < sample.data.length; index++) {
    sample.data[index] = mean + nearlyNormal(random) * decay ** (index % columns)
  }
  return sample
}

/** The sum of twelve uniform numbers less 6. */
export function nearlyNormal(random: Random): number {
  let sum = -6
  for (let draw = 0; draw < 12; draw++) sum += random.next()
  return sum
}
