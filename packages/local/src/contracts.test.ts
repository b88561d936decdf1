import { likelihoodScorerContract, textGeneratorContract } from '@mop/core/testing'
import { afterAll, describe } from 'vitest'
import { loadLocalModel } from './engine/local-model.ts'
import { createLocalGenerator } from './generator/local-generator.ts'
import { createLocalScorer } from './scorer/local-scorer.ts'
import { randomModelFile } from './testing/random-model-file.ts'
import { testContract } from './testing/test-contract.ts'

const shipped = await loadLocalModel()
const sentencePiece = await Promise.all(
  (
    [
      ['gemma', false],
      ['mistral', true],
      ['llama-2', true],
      ['none', true],
    ] as const
  ).map(async ([chatTemplate, spacePrefix]) => ({
    chatTemplate,
    model: await loadLocalModel({ model: randomModelFile({ sentencePiece: { spacePrefix }, chatTemplate }) }),
  })),
)
const fast = await loadLocalModel({ model: randomModelFile(), reproducible: false })
afterAll(() =>
  Promise.all([shipped, fast, ...sentencePiece.map(({ model }) => model)].map((model) => model.dispose())),
)

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

describe.each(sentencePiece)('random weights, SentencePiece, chat template $chatTemplate', ({ model }) => {
  testContract(likelihoodScorerContract(() => createLocalScorer(model), { tolerance: 1e-5 }))
  testContract(textGeneratorContract(() => createLocalGenerator(model)))
})
