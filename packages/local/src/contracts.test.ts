import { likelihoodScorerContract, textGeneratorContract } from '@mop/core/testing'
import { afterAll, describe, test } from 'vitest'
import { loadLocalModel } from './engine/local-model.ts'
import { createLocalGenerator } from './generator/local-generator.ts'
import { createLocalScorer } from './scorer/local-scorer.ts'
import { randomModelFile } from './testing/random-model-file.ts'

const reproducible = await loadLocalModel()
const fast = await loadLocalModel({ reproducible: false })
const random = await loadLocalModel({ model: randomModelFile() })
afterAll(() => Promise.all([reproducible, fast, random].map((model) => model.dispose())))

describe('the shipped model, reproducible', () => {
  // F16 weights: the parts of a split continuation are batches of another shape, which round otherwise.
  const options = { tolerance: 1e-4 }
  for (const { name, run } of likelihoodScorerContract(() => createLocalScorer(reproducible), options))
    test(name, run)
  for (const { name, run } of textGeneratorContract(() => createLocalGenerator(reproducible))) test(name, run)
})

describe('the shipped model, fast', () => {
  // F16 keys and values: batches of another shape round otherwise.
  const options = { tolerance: 1e-3 }
  for (const { name, run } of likelihoodScorerContract(() => createLocalScorer(fast), options))
    test(name, run)
  for (const { name, run } of textGeneratorContract(() => createLocalGenerator(fast), { seeded: false }))
    test(name, run)
})

describe('random weights', () => {
  for (const { name, run } of likelihoodScorerContract(() => createLocalScorer(random))) test(name, run)
  for (const { name, run } of textGeneratorContract(() => createLocalGenerator(random))) test(name, run)
})
