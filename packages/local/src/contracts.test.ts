import { likelihoodScorerContract, textGeneratorContract } from '@mop/core/testing'
import { afterAll, describe } from 'vitest'
import { loadLocalModel } from './engine/local-model.ts'
import { createLocalGenerator } from './generator/local-generator.ts'
import { createLocalScorer } from './scorer/local-scorer.ts'
import { randomModelFile } from './testing/random-model-file.ts'
import { testContract } from './testing/test-contract.ts'

const shipped = await loadLocalModel()
const fast = await loadLocalModel({ model: randomModelFile(), reproducible: false })
afterAll(() => Promise.all([shipped, fast].map((model) => model.dispose())))

describe('the shipped model, reproducible', () => {
  // F16 weights: the parts of a split continuation are batches of another shape, which round otherwise.
  testContract(likelihoodScorerContract(() => createLocalScorer(shipped), { tolerance: 1e-4 }))
  testContract(textGeneratorContract(() => createLocalGenerator(shipped)))
})

describe('random weights, fast', () => {
  // F16 keys and values: batches of another shape round otherwise.
  testContract(likelihoodScorerContract(() => createLocalScorer(fast), { tolerance: 1e-3 }))
  testContract(textGeneratorContract(() => createLocalGenerator(fast), { seeded: false }))
})
