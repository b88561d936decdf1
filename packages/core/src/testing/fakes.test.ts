import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { dot } from '../numeric/dot.ts'
import { encoderContract } from './encoder-contract.ts'
import { fakeEncoder } from './fake-encoder.ts'
import { endSymbol, FakeLanguageModel, symbolsOf, vocabularySize } from './fake-language-model.ts'
import { fakeLikelihoodScorer } from './fake-likelihood-scorer.ts'
import { fakeTextGenerator } from './fake-text-generator.ts'
import { likelihoodScorerContract } from './likelihood-scorer-contract.ts'
import { textGeneratorContract } from './text-generator-contract.ts'

for (const { name, run } of [
  ...encoderContract(() => fakeEncoder()),
  ...encoderContract(() => fakeEncoder({ dimension: 8 })),
  ...likelihoodScorerContract(() => fakeLikelihoodScorer(), { tolerance: 1e-10 }),
  ...likelihoodScorerContract(() => fakeLikelihoodScorer({ limit: 4000 }), { tolerance: 1e-10 }),
  ...textGeneratorContract(() => fakeTextGenerator()),
]) {
  test(`fake ${name}`, () => expect(run()).resolves.toBeUndefined())
}

const prompt = [
  { role: 'system', content: 'Likes tea 🍵' },
  { role: 'user', content: 'What do you like?' },
  { role: 'assistant', content: 'tea' },
  { role: 'user', content: 'And now?' },
] as const

test('the next symbol has probabilities that sum to one over all of Unicode, at every temperature', () => {
  const model = new FakeLanguageModel(prompt)
  const temperatures = [0.5, 1, 3]
  for (const said of ['', 'te', '🍵']) {
    const before = model.logLikelihoods(symbolsOf(said), temperatures)
    const totals = temperatures.map(() => 0)
    let symbols = 0
    // Every third of the private planes stands for its neighbours: none of them is named by the prompt.
    const add = (symbol: number, times: number): void => {
      symbols += times
      const after = model.logLikelihoods([...symbolsOf(said), symbol], temperatures)
      for (const [index, value] of after.entries()) {
        totals[index] = (totals[index] ?? 0) + times * Math.exp(value - (before[index] ?? 0))
      }
    }
    add(endSymbol, 1)
    for (let symbol = 0; symbol < 0x800; symbol++) add(symbol, 1)
    add(0x1f375, 1)
    add(0xf0000, 0x110000 - 0x800 - 0x800 - 1)
    expect(symbols).toBe(vocabularySize)
    for (const total of totals) expect(total).toBeCloseTo(1, 9)
  }
})

test('persona and exemplar draw the answer towards their words', async () => {
  const scorer = fakeLikelihoodScorer()
  const ask = (persona: string, exemplar: string) => ({
    messages: [
      { role: 'system', content: persona } as const,
      { role: 'user', content: 'x' } as const,
      { role: 'assistant', content: exemplar } as const,
      { role: 'user', content: 'x' } as const,
    ],
    continuation: 'coffee',
  })
  const { scores } = await scorer.score([
    ask('likes coffee', 'coffee'),
    ask('likes coffee', 'tea'),
    ask('likes tea', 'tea'),
  ])
  const [both, persona, neither] = scores.map(({ logLikelihoods }) => logLikelihoods[0] ?? Number.NaN)
  expect(both).toBeGreaterThan(persona ?? Number.NaN)
  expect(persona).toBeGreaterThan(neither ?? Number.NaN)
})

test('what the generator draws has the frequencies that the scorer says', async () => {
  const draws = 4000
  for (const temperature of [1, 0.6]) {
    const { generations } = await fakeTextGenerator().generate(
      Array.from({ length: draws }, (_, seed) => ({ messages: prompt, temperature, seed, maxTokens: 1 })),
    )
    for (const first of ['t', 'a', '']) {
      const { scores } = await fakeLikelihoodScorer().score(
        [{ messages: prompt, continuation: first, ends: first === '' }],
        { temperatures: [temperature] },
      )
      const p = Math.exp(scores[0]?.logLikelihoods[0] ?? Number.NaN)
      const share = generations.filter(({ text }) => text === first).length / draws
      // Five standard errors.
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws))
    }
  }
})

test('a symbol that nobody names can be drawn, and is a character', () => {
  const model = new FakeLanguageModel(prompt)
  const random = createRandom(1)
  const drawn = Array.from({ length: 50 }, () => model.draw([], 1e6, random.next()))
  for (const symbol of drawn) expect(String.fromCodePoint(symbol).isWellFormed()).toBe(true)
  expect(new Set(drawn).size).toBe(50)
})

test('texts that share words are closer', async () => {
  const { embeddings } = await fakeEncoder().encode([
    'warm soup today',
    'warm soup again',
    'a very long train',
  ])
  const [a, b, c] = embeddings as [Float32Array, Float32Array, Float32Array]
  expect(dot(a, b)).toBeGreaterThan(dot(a, c))
})
