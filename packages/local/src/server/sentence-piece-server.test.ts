import OpenAI from 'openai'
import { afterAll, describe, expect, test } from 'vitest'
import { loadLocalModel } from '../engine/local-model.ts'
import { createLocalGenerator } from '../generator/local-generator.ts'
import { createLocalScorer } from '../scorer/local-scorer.ts'
import { randomModelFile } from '../testing/random-model-file.ts'
import { createLocalServer } from './local-server.ts'

const subjects = await Promise.all(
  (
    [
      ['gemma', false],
      ['llama-2', true],
      ['none', true],
    ] as const
  ).map(async ([chatTemplate, spacePrefix]) => {
    const path = randomModelFile({ sentencePiece: { spacePrefix }, chatTemplate, sharpness: 3 })
    const model = await loadLocalModel({ model: path })
    const server = await createLocalServer({ model })
    return { chatTemplate, model, server, client: new OpenAI({ baseURL: server.url, apiKey: 'none' }) }
  }),
)
afterAll(async () => {
  await Promise.all(subjects.map(({ server }) => server.dispose()))
  await Promise.all(subjects.map(({ model }) => model.dispose()))
})

const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
] as const
const chat = { model: 'local', messages: [...messages], max_tokens: 20 }
const seeds = [1, 2, 3, 4, 5, 6]

describe.each(subjects)('SentencePiece, chat template $chatTemplate', ({ model, client }) => {
  test('a chat answer is the text that the generator draws, streamed or not', async () => {
    const { generations } = await createLocalGenerator(model).generate(
      seeds.map((seed) => ({ messages, temperature: 1, seed, maxTokens: 20 })),
    )
    for (const [index, seed] of seeds.entries()) {
      const answer = await client.chat.completions.create({ ...chat, seed })
      expect(answer.choices[0]?.message.content).toBe(generations[index]?.text)
      let streamed = ''
      for await (const chunk of await client.chat.completions.create({ ...chat, seed, stream: true })) {
        streamed += chunk.choices[0]?.delta.content ?? ''
      }
      expect(streamed).toBe(generations[index]?.text)
    }
  })

  test('the probability of a first token is that of the scorer', async () => {
    let compared = 0
    for (const word of ['soup', 'bus', 'film', 'lamp', 'room', 'tea', 'news', 'town', 'coat', 'week']) {
      const asked = [{ role: 'user', content: word }] as const
      const answer = await client.chat.completions.create({
        model: 'local',
        messages: [...asked],
        seed: 1,
        max_tokens: 1,
        logprobs: true,
        top_logprobs: 20,
      })
      const { answerSpaces, answerTokens } = model.format.prompt(asked)
      const spaces = ' '.repeat(answerSpaces)
      for (const { token, logprob, bytes } of answer.choices[0]?.logprobs?.content?.[0]?.top_logprobs ?? []) {
        const text = token.slice(answerSpaces)
        // A single byte is spelled by two tokens: that of the character and that of the byte.
        if (!token.startsWith(spaces) || answerTokens(text).length !== 1 || (bytes?.length ?? 0) < 2) continue
        const { scores } = await createLocalScorer(model).score([
          { messages: asked, continuation: text, ends: false },
        ])
        expect(logprob).toBeCloseTo(scores[0]?.logLikelihoods[0] ?? NaN, 4)
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(2)
  })

  test.each(['Hello there', ' Hello', 'na\u00efve 日本語 👩‍👧', '\n\nx', '<s>[INST] a [/INST] b </s>', ' '])(
    'echo gives the prompt %j back, token by token',
    async (prompt) => {
      const { choices, usage } = await client.completions.create({
        model: 'local',
        prompt,
        max_tokens: 0,
        echo: true,
        logprobs: 1,
      })
      const { tokens = [], text_offset = [], token_logprobs = [] } = choices[0]?.logprobs ?? {}
      expect(choices[0]?.text).toBe(prompt)
      expect(tokens.join('')).toBe(prompt)
      expect(token_logprobs.slice(1).every((value) => (value ?? 0) < 0)).toBe(true)
      expect(usage?.prompt_tokens).toBeGreaterThanOrEqual(tokens.length)
      let offset = 0
      for (const [index, token] of tokens.entries()) {
        expect(text_offset[index]).toBe(offset)
        offset += [...token].length
      }
    },
  )

  test('a completion streams the same text, and goes on from its echo', async () => {
    const request = { model: 'local', prompt: 'Hello', max_tokens: 12, echo: true } as const
    for (const seed of seeds) {
      const whole = (await client.completions.create({ ...request, seed })).choices[0]?.text ?? ''
      let streamed = ''
      for await (const chunk of await client.completions.create({ ...request, seed, stream: true })) {
        streamed += chunk.choices[0]?.text ?? ''
      }
      expect(streamed).toBe(whole)
      expect(whole.startsWith('Hello')).toBe(true)
    }
  })
})
