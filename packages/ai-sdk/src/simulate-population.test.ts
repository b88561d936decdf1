import { bindEncoder, chatTemplate } from '@mop/core'
import { exampleMixture, fakeEncoder } from '@mop/core/testing'
import { simulatePopulation } from '@mop/ai-sdk'
import { APICallError } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { expect, test } from 'vitest'

type Params = Parameters<MockLanguageModelV4['doGenerate']>[0]
type Result = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>

const mixture = bindEncoder(exampleMixture(), fakeEncoder())
const prompt = 'How was the soup?'
const result = (text: string): Result => ({
  content: [
    { type: 'reasoning', text: 'What would they say?' },
    { type: 'text', text },
  ],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: {
    inputTokens: { total: 10, noCache: 4, cacheRead: 6, cacheWrite: undefined },
    outputTokens: { total: 2, text: 2, reasoning: undefined },
  },
  warnings: [],
})
const modelOf = (answer: (params: Params) => Promise<Result>): MockLanguageModelV4 =>
  new MockLanguageModelV4({ doGenerate: answer })
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('every component is drawn as often as its weight says, give or take one, and each row says which', async () => {
  const model = modelOf(() => Promise.resolve(result('Warm.')))
  const n = 200
  const { rows, seed, usage } = await simulatePopulation({ model, mixture, prompt, n })
  expect(rows).toHaveLength(n)
  const { personas, exemplars } = mixture.mixture
  for (const { persona, exemplar, weight } of await mixture.top(prompt, 24)) {
    const found = rows.filter(
      (row) => row.personas[0] === personas[persona]?.id && row.exemplars[0] === exemplars[exemplar]?.id,
    )
    expect(Math.abs(found.length - n * weight)).toBeLessThan(1 + 1e-9)
    for (const row of found) expect(row.probability).toBeCloseTo(weight, 12)
  }
  expect(rows[0]).toMatchObject({
    id: 'prompt:0',
    input: prompt,
    output: 'Warm.',
    model: 'mock-provider/mock-model-id',
    usage: { calls: 1, inputTokens: 10, outputTokens: 2, evaluatedTokens: 6 },
  })
  expect(usage).toEqual({ calls: n, inputTokens: 10 * n, outputTokens: 2 * n, evaluatedTokens: 6 * n })
  expect(new Set(rows.map((row) => row.seed)).size).toBe(n)
  for (const { temperature, seed: asked } of model.doGenerateCalls) {
    expect(rows.some((row) => row.seed === asked && row.temperature === temperature)).toBe(true)
  }
  expect((await simulatePopulation({ model, mixture, prompt, n, seed })).rows).toEqual(rows)
})

test('a group answers by its own weights', async () => {
  const model = modelOf(() => Promise.resolve(result('Warm.')))
  const given = { age: 'old' }
  const n = 100
  const { rows } = await simulatePopulation({ model, mixture, prompt, n, given })
  const weights = await mixture.personaWeights(prompt, { given })
  for (const [persona, weight] of weights.entries()) {
    const { id } = mixture.mixture.personas[persona] ?? {}
    const found = rows.filter(({ personas }) => personas[0] === id)
    expect(Math.abs(found.length - n * weight)).toBeLessThan(1 + 1e-9)
  }
  expect(rows.every((row) => row.given === given)).toBe(true)
})

test("the model gets core's prompt, after your instructions", async () => {
  const model = modelOf(() => Promise.resolve(result('Warm.')))
  await simulatePopulation({
    model,
    mixture,
    prompt,
    n: 3,
    pairs: 2,
    instructions: 'One word.',
    maxOutputTokens: 5,
  })
  for (const { prompt: messages, maxOutputTokens } of model.doGenerateCalls) {
    const [system, ...turns] = messages
    expect(system?.content).toMatch(/^One word\.\n\nAnswer as this person would\.\n\n/)
    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(turns.at(-1)?.content).toEqual([{ type: 'text', text: prompt }])
    expect(maxOutputTokens).toBe(5)
  }
  await expect(
    simulatePopulation({
      model,
      mixture,
      prompt,
      n: 1,
      template: { ...chatTemplate, render: () => [] },
      instructions: 'x',
    }),
  ).rejects.toMatchObject({ code: 'invalid-argument', argument: 'template' })
})

test('so many at a time, told as they come, and a busy model is asked again', async () => {
  let running = 0
  let most = 0
  let busy = 3
  const model = modelOf(async () => {
    most = Math.max(most, ++running)
    await tick()
    running--
    if (busy-- > 0) {
      throw new APICallError({ message: 'busy', url: '', requestBodyValues: {}, statusCode: 429 })
    }
    return result('Warm.')
  })
  const told: number[] = []
  const ids: string[] = []
  const { rows } = await simulatePopulation({
    model,
    mixture,
    prompt,
    n: 20,
    id: 'soup',
    concurrency: 3,
    onProgress: (done) => told.push(done),
    onRow: ({ id }) => ids.push(id),
  })
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `soup:${index}`))
  expect(told).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
  expect(most).toBe(3)
  expect(model.doGenerateCalls).toHaveLength(23)
})

test('rows that exist are not asked for again', async () => {
  const model = modelOf(() => Promise.resolve(result('Warm.')))
  const all = await simulatePopulation({ model, mixture, prompt, n: 6, seed: 1 })
  const completed = new Set(all.rows.slice(0, 4).map(({ id }) => id))
  const rest = await simulatePopulation({ model, mixture, prompt, n: 6, seed: 1, completed })
  expect(rest.rows).toEqual(all.rows.slice(4))
})

test('an abort rejects with its reason, and what was answered has been told', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  const told: string[] = []
  const model = modelOf(async ({ abortSignal }) => {
    await tick()
    abortSignal?.throwIfAborted()
    return result('Warm.')
  })
  const run = simulatePopulation({
    model,
    mixture,
    prompt,
    n: 50,
    abortSignal: stop.signal,
    onRow: ({ id }) => void (told.push(id) === 5 && stop.abort(reason)),
  })
  await expect(run).rejects.toBe(reason)
  expect(told.length).toBeGreaterThanOrEqual(5)
  expect(told.length).toBeLessThan(50)
})

test('an error of the model travels as it is; an answer that ended in an error is one', async () => {
  const failure = Object.assign(new Error('no such model'), { statusCode: 404 })
  const broken = modelOf(() => Promise.reject(failure))
  await expect(simulatePopulation({ model: broken, mixture, prompt, n: 2 })).rejects.toBe(failure)
  const ended = modelOf(() =>
    Promise.resolve({ ...result(''), finishReason: { unified: 'error', raw: undefined } }),
  )
  await expect(simulatePopulation({ model: ended, mixture, prompt, n: 2 })).rejects.toMatchObject({
    code: 'generation',
  })
})

test('an answer that a filter cut short says so', async () => {
  const cut = modelOf(() =>
    Promise.resolve({ ...result('Wa'), finishReason: { unified: 'content-filter', raw: undefined } }),
  )
  const { rows } = await simulatePopulation({ model: cut, mixture, prompt, n: 1 })
  expect(rows[0]?.finishReason).toBe('length')
})

test.each([
  [{ n: -1 }, 'count'],
  [{ n: 1.5 }, 'count'],
  [{ model: 'openai/gpt-5' as never }, 'model'],
  [{ given: { height: 'tall' } }, 'given.height'],
  [{ given: { age: 'none' } }, 'given.age'],
])('%o is refused', async (wrong, argument) => {
  const model = modelOf(() => Promise.resolve(result('Warm.')))
  await expect(simulatePopulation({ model, mixture, prompt, n: 1, ...wrong })).rejects.toMatchObject({
    code: 'invalid-argument',
    argument,
  })
})
