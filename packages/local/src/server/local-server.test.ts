import { request as httpRequest } from 'node:http'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadLocalModel } from '../engine/local-model.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { createLocalGenerator } from '../generator/local-generator.ts'
import { createLocalScorer } from '../scorer/local-scorer.ts'
import { randomModelFile } from '../testing/random-model-file.ts'
import { createLocalServer } from './local-server.ts'
import type { LocalServer } from './local-server.ts'

let model: LocalModel
let server: LocalServer
let client: OpenAI
beforeAll(async () => {
  model = await loadLocalModel({ model: randomModelFile({ vocabulary: 300, sharpness: 3 }) })
  server = await createLocalServer({ model, maxBodyBytes: 100_000 })
  client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 })
})
afterAll(async () => {
  await server.dispose()
  await model.dispose()
})

const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
] as const
const chat = { model: 'random', messages: [...messages], seed: 4, max_tokens: 20 }

async function refusal(
  promise: PromiseLike<unknown>,
): Promise<{ status: unknown; code: unknown; param: unknown; message: string }> {
  const error: unknown = await Promise.resolve(promise).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof OpenAI.APIError)
    return { status: error.status, code: error.code, param: error.param, message: error.message }
  throw new Error(`expected a refusal, found ${String(error)}`)
}

describe('/v1/models', () => {
  test('lists the language model and the encoder', async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id)
    expect(ids).toEqual(['random', server.encoderName])
    expect((await client.models.retrieve('random')).id).toBe('random')
    expect(await refusal(client.models.retrieve('gpt'))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })

  test('describes whatever a request may name: the model, also as `local`, and the encoder', async () => {
    for (const id of ['random', 'local', server.encoderName]) {
      expect(await client.models.retrieve(id)).toMatchObject({ id, object: 'model', owned_by: 'mop' })
    }
    const answer = await client.chat.completions.create({ ...chat, model: 'local', max_tokens: 1 })
    expect(answer.model).toBe('random')
  })
})

describe('/v1/chat/completions', () => {
  test('answers with the text that the generator draws, and counts tokens', async () => {
    const answer = await client.chat.completions.create(chat)
    const { generations } = await createLocalGenerator(model).generate([
      { messages, temperature: 1, seed: 4, maxTokens: 20 },
    ])
    const [generation] = generations
    expect(answer.object).toBe('chat.completion')
    expect(answer.choices[0]).toMatchObject({
      index: 0,
      finish_reason: generation?.finishReason,
      message: { role: 'assistant' },
    })
    expect(answer.choices[0]?.message.content?.replaceAll('\uFFFD', '')).toBe(
      generation?.text.replaceAll('\uFFFD', ''),
    )
    expect(answer.usage).toMatchObject({
      prompt_tokens: generation?.usage.inputTokens,
      completion_tokens: generation?.usage.outputTokens,
    })
    expect((await client.chat.completions.create(chat)).choices[0]?.message).toEqual(
      answer.choices[0]?.message,
    )
  })

  test('n answers are different draws, the first that of the seed alone', async () => {
    const one = await client.chat.completions.create(chat)
    const three = await client.chat.completions.create({ ...chat, n: 3 })
    expect(three.choices.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(new Set(three.choices.map(({ message }) => message.content)).size).toBe(3)
    expect(three.choices[0]?.message.content).toBe(one.choices[0]?.message.content)
    expect(three.usage?.completion_tokens).toBeGreaterThan(one.usage?.completion_tokens ?? Infinity)
  })

  test('without a seed, answers differ', async () => {
    const { seed: _, ...unseeded } = chat
    const texts = await Promise.all(
      [1, 2, 3].map(() => client.chat.completions.create({ ...unseeded, temperature: 2 })),
    )
    expect(new Set(texts.map(({ choices }) => choices[0]?.message.content)).size).toBeGreaterThan(1)
  })

  test('log-probabilities are those of the scorer, with the likeliest tokens beside them', async () => {
    const answer = await client.chat.completions.create({
      ...chat,
      max_tokens: 1,
      logprobs: true,
      top_logprobs: 4,
    })
    const content = answer.choices[0]?.logprobs?.content ?? []
    expect(content).toHaveLength(answer.usage?.completion_tokens ?? NaN)
    const top = content[0]?.top_logprobs ?? []
    expect(top).toHaveLength(4)
    expect(top.map(({ logprob }) => logprob)).toEqual(
      top.map(({ logprob }) => logprob).toSorted((a, b) => b - a),
    )
    const whole = top.filter(({ token }) => !token.startsWith('bytes:') && model.tokenize(token).length === 1)
    const { scores } = await createLocalScorer(model).score(
      whole.map(({ token }) => ({ messages, continuation: token, ends: false })),
    )
    for (const [index, { logprob, token, bytes }] of whole.entries()) {
      expect(logprob).toBeCloseTo(scores[index]?.logLikelihoods[0] ?? NaN, 4)
      expect(Buffer.from(bytes ?? []).toString()).toBe(token)
    }
  })

  test('streams the same text, its log-probabilities and its usage', async () => {
    const whole = await client.chat.completions.create({ ...chat, n: 2, logprobs: true })
    const stream = await client.chat.completions.create({
      ...chat,
      n: 2,
      logprobs: true,
      stream: true,
      stream_options: { include_usage: true },
    })
    const texts = ['', '']
    const logprobs: number[][] = [[], []]
    const finished: unknown[] = []
    let usage: unknown
    for await (const chunk of stream) {
      usage = chunk.usage ?? usage
      for (const { index, delta, finish_reason, logprobs: more } of chunk.choices) {
        texts[index] += delta.content ?? ''
        logprobs[index]?.push(...(more?.content ?? []).map(({ logprob }) => logprob))
        if (finish_reason !== null) finished[index] = finish_reason
      }
    }
    expect(texts).toEqual(whole.choices.map(({ message }) => message.content))
    expect(finished).toEqual(whole.choices.map(({ finish_reason }) => finish_reason))
    expect(logprobs).toEqual(
      whole.choices.map((choice) => choice.logprobs?.content?.map(({ logprob }) => logprob)),
    )
    expect(usage).toEqual(whole.usage)
  })

  test('stop strings cut the text, streamed or not', async () => {
    const full =
      (await client.chat.completions.create({ ...chat, max_tokens: 60 })).choices[0]?.message.content ?? ''
    const stop = full.slice(12, 15)
    const expected = full.slice(0, full.indexOf(stop))
    const cut = await client.chat.completions.create({ ...chat, max_tokens: 60, stop: ['never in it', stop] })
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expected } })
    let streamed = ''
    const stream = await client.chat.completions.create({ ...chat, max_tokens: 60, stop, stream: true })
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? ''
    expect(streamed).toBe(expected)
  })

  test('text parts and developer messages are taken', async () => {
    const parts = await client.chat.completions.create({
      ...chat,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hel' },
            { type: 'text', text: 'lo' },
          ],
        },
      ],
    })
    const plain = await client.chat.completions.create(chat)
    expect(parts.choices[0]?.message).toEqual(plain.choices[0]?.message)
  })

  test.each([
    [{ model: 'gpt-4' }, 404, 'model'],
    [{ messages: [] }, 400, 'messages'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 400, 'messages.0.role'],
    [{ temperature: -1 }, 400, 'temperature'],
    [{ top_p: 0.5 }, 400, 'top_p'],
    [{ n: 0 }, 400, 'n'],
    [{ top_logprobs: 21, logprobs: true }, 400, 'top_logprobs'],
    [{ tools: [{ type: 'function' }] }, 400, 'tools'],
    [{ messages: [{ role: 'user', content: 'y'.repeat(3000) }] }, 400, 'messages'],
  ])('%j is refused', async (change, status, param) => {
    const error = await refusal(client.chat.completions.create({ ...chat, ...change } as never))
    expect(error).toMatchObject({ status, param })
    expect(error.message.length).toBeGreaterThan(10)
  })

  test('a client that goes away stops the work, and those who wait are served', async () => {
    const controller = new AbortController()
    const endless = client.chat.completions.create(
      { ...chat, n: 128, max_tokens: 400, temperature: 0.2 },
      { signal: controller.signal },
    )
    const gone = endless.then(
      () => 'answered',
      (error: unknown) => String(error),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    const waiting = client.chat.completions.create({ ...chat, max_tokens: 1 })
    controller.abort()
    expect(await gone).toMatch(/abort/i)
    expect((await waiting).choices).toHaveLength(1)
    const drawn: number[] = []
    await model.exclusive(async (evaluator) => void drawn.push(evaluator.evaluatedTokens))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await model.exclusive(async (evaluator) => void drawn.push(evaluator.evaluatedTokens))
    expect(drawn[1]).toBe(drawn[0])
  })
})

describe('/v1/completions', () => {
  const prompt = '<|user|>Is it na\u00efve? 👩‍👧<|end|><|assistant|>'

  test('echo with log-probabilities gives every prompt token its own, and the strings make up the text', async () => {
    const answer = 'yes, rather so'
    const completion = await client.completions.create({
      model: 'random',
      prompt: `${prompt}${answer}<|end|>`,
      max_tokens: 0,
      echo: true,
      logprobs: 2,
    })
    const [choice] = completion.choices
    expect(choice?.text).toBe(`${prompt}${answer}<|end|>`)
    const { tokens = [], token_logprobs = [], text_offset = [], top_logprobs = [] } = choice?.logprobs ?? {}
    expect(tokens.join('')).toBe(choice?.text)
    expect(token_logprobs[0]).toBeNull()
    expect(token_logprobs.slice(1).every((value) => typeof value === 'number' && value < 0)).toBe(true)
    expect(top_logprobs[0]).toBeNull()
    for (const top of top_logprobs.slice(1)) expect(Object.keys(top ?? {})).toHaveLength(2)
    let offset = 0
    for (const [index, token] of tokens.entries()) {
      expect(text_offset[index]).toBe(offset)
      offset += [...token].length
    }
    const start = text_offset.indexOf([...prompt].length)
    const { scores } = await createLocalScorer(model).score([
      { messages: [{ role: 'user', content: 'Is it na\u00efve? 👩‍👧' }], continuation: answer },
    ])
    const total = token_logprobs.slice(start).reduce((sum: number, value) => sum + (value ?? NaN), 0)
    expect(token_logprobs.slice(start)).toHaveLength(scores[0]?.tokens ?? NaN)
    expect(total).toBeCloseTo(scores[0]?.logLikelihoods[0] ?? NaN, 4)
    expect(completion.usage).toMatchObject({ prompt_tokens: tokens.length, completion_tokens: 0 })
  })

  test('echo goes on into what is drawn', async () => {
    const completion = await client.completions.create({
      model: 'random',
      prompt,
      max_tokens: 5,
      echo: true,
      logprobs: 0,
      seed: 2,
    })
    const [choice] = completion.choices
    const drawn = await client.completions.create({ model: 'random', prompt, max_tokens: 5, seed: 2 })
    expect(choice?.text).toBe(prompt + (drawn.choices[0]?.text ?? ''))
    expect(choice?.logprobs?.tokens?.join('')).toBe(choice?.text)
    expect(choice?.logprobs?.tokens).toHaveLength(
      (completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0),
    )
    expect(choice?.logprobs?.top_logprobs).toBeNull()
  })

  test('several prompts, as texts or as tokens', async () => {
    const texts = ['one two', 'three']
    const asTexts = await client.completions.create({
      model: 'random',
      prompt: texts,
      max_tokens: 0,
      echo: true,
      logprobs: 1,
    })
    const asTokens = await client.completions.create({
      model: 'random',
      prompt: texts.map((text) => model.tokenizeRaw(text)),
      max_tokens: 0,
      echo: true,
      logprobs: 1,
    })
    expect(asTexts.choices.map(({ text }) => text)).toEqual(texts)
    expect(asTexts.choices.map(({ index }) => index)).toEqual([0, 1])
    expect(asTokens.choices).toEqual(asTexts.choices)
  })

  test('streams the same text', async () => {
    const whole = await client.completions.create({
      model: 'random',
      prompt,
      max_tokens: 12,
      seed: 9,
      echo: true,
    })
    let streamed = ''
    for await (const chunk of await client.completions.create({
      model: 'random',
      prompt,
      max_tokens: 12,
      seed: 9,
      echo: true,
      stream: true,
    })) {
      streamed += chunk.choices[0]?.text ?? ''
    }
    expect(streamed).toBe(whole.choices[0]?.text)
  })

  test('an empty prompt starts from nothing', async () => {
    const completion = await client.completions.create({
      model: 'random',
      prompt: '',
      max_tokens: 3,
      seed: 1,
    })
    expect(completion.choices).toHaveLength(1)
  })

  test('a token outside the vocabulary, a wrong prompt or a long one is refused', async () => {
    const create = (change: object) =>
      refusal(client.completions.create({ model: 'random', prompt, ...change } as never))
    expect(await create({ prompt: [99_999] })).toMatchObject({ status: 400, param: 'prompt' })
    expect(await create({ prompt: { a: 1 } })).toMatchObject({ status: 400, param: 'prompt' })
    expect(await create({ prompt: 'y'.repeat(3000) })).toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
  })
})

describe('/v1/embeddings', () => {
  test('floats and base64 are the same vectors, one per input', async () => {
    const input = ['soup', 'bread and butter', '']
    const create = (encoding_format: 'float' | 'base64') =>
      client.embeddings.create({ model: server.encoderName, input, encoding_format })
    const floats = (await create('float')).data.map(({ embedding }) => embedding)
    expect(floats).toHaveLength(3)
    for (const vector of floats)
      expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
    const encoded = (await create('base64')).data.map(({ embedding }) => embedding as unknown as string)
    for (const [index, text] of encoded.entries()) {
      const bytes = Buffer.from(text, 'base64')
      expect(Array.from({ length: bytes.length / 4 }, (_, k) => bytes.readFloatLE(4 * k))).toEqual(
        floats[index],
      )
    }
    const decoded = await client.embeddings.create({ model: server.encoderName, input })
    expect(decoded.data.map(({ embedding }) => [...embedding])).toEqual(floats)
  })

  test('another dimension or model is refused', async () => {
    const create = (change: object) =>
      refusal(client.embeddings.create({ model: server.encoderName, input: 'x', ...change }))
    expect(await create({ dimensions: 5 })).toMatchObject({ status: 400, param: 'dimensions' })
    expect(await create({ model: 'text-embedding-3-small' })).toMatchObject({ status: 404, param: 'model' })
  })
})

describe('the door', () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    })
  const statusWithHost = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      httpRequest(
        { port: server.port, host: '127.0.0.1', path: '/v1/models', headers: { host } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
        .on('error', reject)
        .end()
    })

  test('only names of this machine are answered on a loopback address', async () => {
    for (const host of ['localhost', `127.0.0.1:${server.port}`, '[::1]:80', 'LOCALHOST:1'])
      expect(await statusWithHost(host)).toBe(200)
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80']) {
      expect(await statusWithHost(host)).toBe(403)
    }
  })

  test('no page of another site may read an answer or send a plain form', async () => {
    const response = await post('/v1/chat/completions', JSON.stringify(chat), {
      origin: 'https://evil.example',
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(
      (await post('/v1/chat/completions', JSON.stringify(chat), { 'content-type': 'text/plain' })).status,
    ).toBe(415)
  })

  test('bodies that are too large, no JSON or for nobody are refused in OpenAI form', async () => {
    const cases: [Promise<Response>, number][] = [
      [post('/v1/chat/completions', JSON.stringify({ ...chat, user: 'u'.repeat(200_000) })), 413],
      [post('/v1/chat/completions', '{"model":'), 400],
      [post('/v1/chat/completions', '[]'), 400],
      [post('/v1/nothing', '{}'), 404],
    ]
    for (const [promise, status] of cases) {
      const response = await promise
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({
        error: { message: expect.any(String), type: 'invalid_request_error' },
      })
    }
  })

  test('listens on loopback unless told otherwise', () => {
    expect(server.host).toBe('127.0.0.1')
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/v1`)
  })

  test('a port that is taken is an error, and the address is free after disposal', async () => {
    const other = await createLocalServer({ model })
    await expect(createLocalServer({ model, port: other.port })).rejects.toThrow(/EADDRINUSE/)
    await other.dispose()
    const again = await createLocalServer({ model, port: other.port })
    await again.dispose()
  })
})
