import { expect, test } from 'vitest'
import { loadLocalModel } from '../engine/local-model.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { shippedModelPath } from '../engine/model-file.ts'
import { randomModelFile } from '../testing/random-model-file.ts'
import { drawTokens } from './draw-tokens.ts'

/** Largest difference between log p of drawn tokens and log p of the same tokens in one batch. */
async function largestDifference(model: LocalModel): Promise<number> {
  const differences: number[] = []
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const prompt = model.format.prompt([{ role: 'user', content: `Write review ${seed}.` }]).segments.flat()
    const drawn: number[] = []
    const { tokens } = await drawTokens(model, {
      segments: [prompt],
      temperature: 1,
      seed,
      maxTokens: 20,
      index: 0,
      top: 0,
      onToken: ({ token, logProbabilities }) => void drawn.push(logProbabilities?.get(token) ?? Number.NaN),
    })
    const all = [...prompt, ...tokens]
    const echoed = await model.exclusive(async (evaluator) => {
      await evaluator.advance([], 1)
      return evaluator.rank(all.slice(0, -1), all.slice(1), 0, 1)
    })
    for (const [index, value] of drawn.entries()) {
      const position = prompt.length + index
      differences.push(Math.abs(value - (echoed[position - 1]?.get(all[position] ?? -1) ?? Number.NaN)))
    }
  }
  expect(differences.length).toBeGreaterThan(50)
  return Math.max(...differences)
}

// The README states both figures.
test.each([
  ['F16 weights (the shipped model)', 0.01, shippedModelPath()],
  ['F32 weights', 1e-5, randomModelFile({ sharpness: 3 })],
])('log-probabilities of drawn tokens are those of a batch up to rounding: %s', async (_, most, path) => {
  await using model = await loadLocalModel({ model: path })
  expect(await largestDifference(model)).toBeLessThan(most)
})
