import { expect, test } from 'vitest'
import { inclusionProbabilities } from './inclusion-probabilities.ts'

test('refuses weights that are no weights, where they would include everything', () => {
  for (const weight of [NaN, -1, Infinity]) {
    expect(() => inclusionProbabilities([weight, 1, 1], 1)).toThrow(/weights\[0\]/)
  }
})
