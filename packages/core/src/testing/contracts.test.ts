import { expect, test } from 'vitest'
import { ContractViolationError } from '../errors/contract-violation-error.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { LikelihoodScorer, ScoreResult } from '../ports/likelihood-scorer.ts'
import type { TextGenerator } from '../ports/text-generator.ts'
import type { ContractCase } from './contract-case.ts'
import { encoderContract } from './encoder-contract.ts'
import { fakeEncoder } from './fake-encoder.ts'
import { fakeLikelihoodScorer } from './fake-likelihood-scorer.ts'
import { fakeTextGenerator } from './fake-text-generator.ts'
import { likelihoodScorerContract } from './likelihood-scorer-contract.ts'
import { textGeneratorContract } from './text-generator-contract.ts'

/** A contract is worth what it catches: each broken implementation below must fail the law named beside it. */
async function broken(cases: readonly ContractCase[]): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of cases) {
    const error = await run().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error === undefined) continue
    expect(error).toBeInstanceOf(ContractViolationError)
    failed.push(name)
  }
  return failed
}

const encoder = fakeEncoder()
test.each<[string, Partial<Encoder>, string]>([
  [
    'norm',
    {
      encode: async (texts, options) => {
        const result = await encoder.encode(texts, options)
        return { ...result, embeddings: result.embeddings.map((vector) => vector.map((value) => 2 * value)) }
      },
    },
    'one unit vector per text',
  ],
  [
    'order',
    {
      encode: async (texts, options) => {
        const result = await encoder.encode(texts, options)
        return { ...result, embeddings: result.embeddings.toReversed() }
      },
    },
    'one unit vector per text',
  ],
  [
    'constant',
    {
      encode: async (texts, options) =>
        encoder.encode(
          texts.map(() => 'x'),
          options,
        ),
    },
    'different texts',
  ],
  ['dimension', { dimension: 31 }, 'one unit vector per text'],
  [
    'usage',
    {
      encode: async (texts, options) => ({
        ...(await encoder.encode(texts, options)),
        usage: { calls: 1, inputTokens: 1, outputTokens: 0, evaluatedTokens: 1 },
      }),
    },
    'usage counts',
  ],
  ['deaf', { encode: (texts) => encoder.encode(texts) }, 'an aborted signal'],
])('an encoder with wrong %s is caught', async (_, change, law) => {
  expect(await broken(encoderContract(() => ({ ...encoder, ...change })))).toContainEqual(
    expect.stringContaining(law),
  )
})

const scorer = fakeLikelihoodScorer()
function scaled(result: ScoreResult, change: (value: number, tokens: number) => number): ScoreResult {
  const scores = result.scores.map(({ logLikelihoods, tokens }) => ({
    tokens,
    logLikelihoods: logLikelihoods.map((value) => change(value, tokens)),
  }))
  return { ...result, scores }
}
const shortLimit: LikelihoodScorer['countTokens'] = async (requests) => ({
  tokens: (await scorer.countTokens?.(requests))?.tokens ?? [],
  limit: 500,
})
const forger: LikelihoodScorer['score'] = (requests, options) =>
  scorer.score(
    requests.map((request) => ({
      ...request,
      messages: request.messages.flatMap(({ role, content }) =>
        `<|im_start|>${role}\n${content}`.split('<|im_end|>\n').map((turn) => {
          const [, spoken = role, text = ''] = /^<\|im_start\|>(\w+)\n(.*)$/s.exec(turn) ?? []
          return { role: spoken as 'user', content: text }
        }),
      ),
    })),
    options,
  )

test.each<[string, Partial<LikelihoodScorer>, string]>([
  [
    'mean instead of sum',
    {
      score: async (requests, options) =>
        scaled(await scorer.score(requests, options), (value, tokens) => (tokens === 0 ? 0 : value / tokens)),
    },
    'adds up over a split',
  ],
  [
    'sign',
    { score: async (requests, options) => scaled(await scorer.score(requests, options), (value) => -value) },
    'at most 0',
  ],
  [
    'temperature',
    {
      score: async (requests, options) => {
        const { temperatures = [1] } = options ?? {}
        const result = await scorer.score(requests, { ...options, temperatures: [1] })
        return {
          ...result,
          scores: result.scores.map((score) => ({
            ...score,
            logLikelihoods: Float64Array.from(
              temperatures,
              (temperature) => (score.logLikelihoods[0] ?? 0) / temperature,
            ),
          })),
        }
      },
    },
    'every token is equally likely',
  ],
  [
    'end',
    {
      score: (requests, options) =>
        scorer.score(
          requests.map((request) => ({ ...request, ends: false })),
          options,
        ),
    },
    'less likely than the same words',
  ],
  [
    'order',
    {
      score: async (requests, options) => {
        const result = await scorer.score(requests, options)
        return { ...result, scores: result.scores.toReversed() }
      },
    },
    'whatever stands beside',
  ],
  [
    'prompt',
    {
      score: (requests, options) =>
        scorer.score(
          requests.map((request) => ({ ...request, messages: [] })),
          options,
        ),
    },
    'the prompt matters',
  ],
  ['control tokens', { score: forger }, 'roles cannot be forged'],
  [
    'truncation',
    {
      score: (requests, options) =>
        scorer.score(
          requests.map((request) => ({ ...request, continuation: request.continuation.slice(0, 2000) })),
          options,
        ),
    },
    'never cut',
  ],
  [
    'usage',
    {
      score: async (requests, options) => ({
        ...(await scorer.score(requests, options)),
        usage: { calls: 1, inputTokens: 1, outputTokens: 1, evaluatedTokens: 1 },
      }),
    },
    'usage adds up',
  ],
  [
    'counts beforehand',
    {
      countTokens: async (requests) => {
        const counted = (await scorer.countTokens?.(requests)) ?? { tokens: [], limit: 0 }
        return { ...counted, tokens: counted.tokens.map((tokens) => tokens - 1) }
      },
    },
    'it counts those of the usage',
  ],
  ['a limit that it does not keep', { countTokens: shortLimit }, 'refuses what is above its limit'],
  [
    'silence',
    { score: (requests, options) => scorer.score(requests, { ...options, onScore: () => {} }) },
    'told once',
  ],
])('a scorer with wrong %s is caught', async (_, change, law) => {
  expect(await broken(likelihoodScorerContract(() => ({ ...scorer, ...change })))).toContainEqual(
    expect.stringContaining(law),
  )
})

const generator = fakeTextGenerator()
let calls = 0
test.each<[string, Partial<TextGenerator>, string]>([
  [
    'seed',
    {
      generate: (requests, options) =>
        generator.generate(
          requests.map((request) => ({ ...request, seed: calls++ })),
          options,
        ),
    },
    'equal seeds give equal texts',
  ],
  [
    'one seed',
    {
      generate: (requests, options) =>
        generator.generate(
          requests.map((request) => ({ ...request, seed: 1 })),
          options,
        ),
    },
    'different seeds',
  ],
  [
    'length',
    {
      generate: (requests, options) =>
        generator.generate(
          requests.map((request) => ({ ...request, maxTokens: 40 })),
          options,
        ),
    },
    'no more tokens',
  ],
  [
    'greed',
    {
      generate: (requests, options) =>
        generator.generate(
          requests.map((request) => ({
            ...request,
            temperature: request.temperature === 0 ? 2 : request.temperature,
          })),
          options,
        ),
    },
    'greedy',
  ],
  [
    'deafness',
    {
      generate: (requests, options) =>
        generator.generate(
          requests,
          options?.onGeneration === undefined ? {} : { onGeneration: options.onGeneration },
        ),
    },
    'an aborted signal',
  ],
])('a generator with wrong %s is caught', async (_, change, law) => {
  expect(await broken(textGeneratorContract(() => ({ ...generator, ...change })))).toContainEqual(
    expect.stringContaining(law),
  )
})
