import { describe, expect, test } from 'vitest'
import { fakeEchoEndpoint } from '../testing/fake-echo-endpoint.ts'
import { likelihoodScorerContract } from '../testing/likelihood-scorer-contract.ts'
import { createEchoScorer, type EchoScorerOptions } from './echo-scorer.ts'
import type { EchoedText } from './token-spans.ts'

const question = [{ role: 'user', content: 'Tea?' }] as const
const scorerOf = (answer: (text: string) => EchoedText, options: Partial<EchoScorerOptions> = {}) =>
  createEchoScorer({ id: 'fake', complete: (prompts) => Promise.resolve(prompts.map(answer)), ...options })
const score = async (
  tokens: readonly string[],
  logProbabilities: readonly (number | null)[],
  continuation = 'yes',
) =>
  (await scorerOf(() => ({ tokens, logProbabilities })).score([{ messages: question, continuation }]))
    .scores[0]

describe('an echo scorer', () => {
  const make = () =>
    createEchoScorer({ id: 'fake', complete: fakeEchoEndpoint(), endOfAnswer: '\n\n', batchSize: 7 })
  test.each(likelihoodScorerContract(make, { anyTemperature: false }))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

describe('the boundary', () => {
  test('the sum runs over the tokens after the prompt, and usage counts both sides', async () => {
    const answer = { tokens: ['Tea', '?', '\n\n', 'ye', 's'], logProbabilities: [null, -8, -4, -2, -1] }
    const { scores, usage } = await scorerOf(() => answer).score([
      { messages: question, continuation: 'yes' },
    ])
    expect(scores).toEqual([{ logLikelihoods: Float64Array.of(-3), tokens: 2 }])
    expect(usage).toEqual({ calls: 1, inputTokens: 3, outputTokens: 2, evaluatedTokens: 5 })
  })

  test('a token that spans it counts whole', async () => {
    const spanning = await score(['Tea', '?', '\n', '\nye', 's'], [null, -8, -4, -2, -1])
    expect(spanning).toEqual({ logLikelihoods: Float64Array.of(-3), tokens: 2 })
  })

  test('a start token and what was drawn after the text do not count', async () => {
    const found = await score(['<s>', 'Tea', '?\n\n', 'yes', ' sir'], [null, -9, -8, -1, -5])
    expect(found).toEqual({ logLikelihoods: Float64Array.of(-1), tokens: 1 })
  })

  test('parts of a character belong to the side of the character', async () => {
    const found = await score(['Tea?\n\n', 'bytes:\\xc3', 'bytes:\\xa9'], [null, -2, -1], 'é')
    expect(found).toEqual({ logLikelihoods: Float64Array.of(-3), tokens: 2 })
  })

  test('a beginning of the answer is part of the prompt; the end of the answer of what is scored', async () => {
    const seen: string[] = []
    const scorer = createEchoScorer({
      id: 'fake',
      endOfAnswer: '<end>',
      complete: (prompts) => {
        seen.push(...prompts)
        return Promise.resolve(
          prompts.map((text) => ({ tokens: [...text], logProbabilities: [...text].map(() => -1) })),
        )
      },
    })
    const messages = [...question, { role: 'assistant', content: 'ye' }] as const
    const { scores } = await scorer.score([
      { messages, continuation: 's' },
      { messages, continuation: 's', ends: false },
    ])
    expect(seen).toEqual(['Tea?\n\nyes<end>', 'Tea?\n\nyes'])
    expect(scores.map(({ tokens }) => tokens)).toEqual([6, 1])
  })

  test('a renderer of the caller takes the place of the plain one', async () => {
    const texts: string[] = []
    const scorer = scorerOf(
      (text) => {
        texts.push(text)
        return { tokens: [text], logProbabilities: [-1] }
      },
      { render: (messages) => messages.map(({ role, content }) => `<|${role}|>${content}`).join('') },
    )
    await scorer.score([{ messages: question, continuation: 'yes' }])
    expect(texts).toEqual(['<|user|>Tea?yes'])
  })
})

describe('what is refused', () => {
  test('a temperature other than 1, naming what to pass to fit', async () => {
    const promise = scorerOf(() => ({ tokens: [], logProbabilities: [] })).score([], {
      temperatures: [0.7, 1],
    })
    await expect(promise).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('Pass `temperatures: [1]` to `fit`.'),
    })
  })

  test('temperatures of an endpoint that has more are asked for one by one', async () => {
    const asked: number[] = []
    const scorer = createEchoScorer({
      id: 'fake',
      temperatures: [0.5, 1],
      complete: (prompts, { temperature }) => {
        asked.push(temperature)
        return Promise.resolve(
          prompts.map((text) => ({ tokens: [...text], logProbabilities: [...text].map(() => -temperature) })),
        )
      },
    })
    const { scores } = await scorer.score([{ messages: question, continuation: 'no' }], {
      temperatures: [1, 0.5],
    })
    expect(scores).toEqual([{ logLikelihoods: Float64Array.of(-2, -1), tokens: 2 }])
    expect(asked).toEqual([1, 0.5])
  })

  test.each<[string, readonly string[], readonly (number | null)[], string]>([
    ['no tokens', [], [], 'no tokens came'],
    ['fewer numbers than tokens', ['Tea?\n\n', 'yes'], [null], '1 log-probabilities came for 2 tokens'],
    ['null in the answer', ['Tea?\n\n', 'ye', 's'], [null, -1, null], 'token 2 of 3 has no log-probability'],
    ['NaN', ['Tea?\n\n', 'yes'], [null, Number.NaN], 'token 1 of 2 has no log-probability'],
    ['another text', ['Tea?\n\n', 'no!'], [null, -1], 'token 1 of 2 is not what the text goes on with'],
    ['the prompt alone', ['Tea?\n\n'], [null], "end after 6 of the text's 9 bytes"],
  ])('%s', async (_, tokens, logProbabilities, message) => {
    const error = await score(tokens, logProbabilities).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'echoed-text', prompt: 0, message: expect.stringContaining(message) })
    expect(String(error)).not.toMatch(/Tea|yes|no!/)
  })

  test('an answer too few or in another order, naming the request', async () => {
    const requests = ['one', 'two', 'three'].map((continuation) => ({ messages: question, continuation }))
    const endpoint = fakeEchoEndpoint()
    const changed = (change: (echoes: readonly EchoedText[]) => readonly EchoedText[]) =>
      createEchoScorer({
        id: 'x',
        complete: async (prompts, options) => change(await endpoint(prompts, options)),
      })
    await expect(changed((echoes) => echoes.slice(1)).score(requests)).rejects.toMatchObject({ prompt: 2 })
    await expect(changed((echoes) => echoes.toReversed()).score(requests)).rejects.toMatchObject({
      prompt: 0,
    })
  })

  test('an answer with nothing before it, in words', async () => {
    const scorer = scorerOf((text) => ({ tokens: [text], logProbabilities: [null] }), { render: () => '' })
    await expect(scorer.score([{ messages: question, continuation: 'yes' }])).rejects.toThrow(
      'must not be empty',
    )
  })

  test.each(['batchSize', 'concurrency'] as const)('a %s of 0', (argument) => {
    expect(() => scorerOf(() => ({ tokens: [], logProbabilities: [] }), { [argument]: 0 })).toThrow(argument)
  })
})

test('prompts go out in batches, so many at a time, and errors of the connection travel untouched', async () => {
  let running = 0
  let most = 0
  const sizes: number[] = []
  const complete: EchoScorerOptions['complete'] = async (prompts, options) => {
    sizes.push(prompts.length)
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return fakeEchoEndpoint()(prompts, options)
  }
  const requests = Array.from({ length: 11 }, (_, index) => ({
    messages: question,
    continuation: `no ${index}`,
  }))
  await createEchoScorer({ id: 'x', complete, batchSize: 3, concurrency: 2 }).score(requests)
  expect(sizes).toEqual([3, 3, 3, 2])
  expect(most).toBe(2)

  const failure = Object.assign(new Error('busy'), { status: 503 })
  const failing = createEchoScorer({ id: 'x', complete: () => Promise.reject(failure) })
  await expect(failing.score(requests)).rejects.toBe(failure)
})
