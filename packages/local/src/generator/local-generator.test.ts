import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadLocalModel } from '../engine/local-model.ts'
import type { LocalModel } from '../engine/local-model.ts'
import { createLocalScorer } from '../scorer/local-scorer.ts'
import { randomModelFile } from '../testing/random-model-file.ts'
import { createLocalGenerator } from './local-generator.ts'

const path = randomModelFile({ sharpness: 3, vocabulary: 300 })
let model: LocalModel
beforeAll(async () => void (model = await loadLocalModel({ model: path })))
afterAll(() => model.dispose())

const ask = (content: string, seed: number, temperature = 1) =>
  ({ messages: [{ role: 'user', content }], temperature, seed, maxTokens: 30 }) as const

describe('generated texts', () => {
  test('the same seed gives the same text, alone, beside others and after a fresh load', async () => {
    const requests = [
      ask('one', 1),
      ask('two', 2),
      ask('one', 3),
      ask('one', 1),
      ask('three', 2 ** 40 + 5),
      ask('two', 2, 0.4),
    ]
    const texts = async (from: LocalModel, asked: typeof requests): Promise<string[]> =>
      (await createLocalGenerator(from).generate(asked)).generations.map(({ text }) => text)
    const together = await texts(model, requests)
    expect(together[0]).toBe(together[3])
    expect(together[0]).not.toBe(together[2])
    expect(together[1]).not.toBe(together[5])
    for (const [index, request] of requests.entries())
      expect(await texts(model, [request])).toEqual([together[index]])
    await using fresh = await loadLocalModel({ model: path })
    expect(await texts(fresh, requests.toReversed())).toEqual(together.toReversed())
  })

  test('the seed 2³² − 1, which means "any" to llama.cpp, is a seed like others', async () => {
    const { generations } = await createLocalGenerator(model).generate([
      ask('a', 2 ** 32 - 1),
      ask('a', 2 ** 32 - 1),
    ])
    expect(generations[0]?.text).toBe(generations[1]?.text)
  })

  test('temperature 0 takes the likeliest token at each step, whatever the seed', async () => {
    const { generations } = await createLocalGenerator(model).generate([
      ask('greedy', 1, 0),
      ask('greedy', 2, 0),
    ])
    expect(generations[0]?.text).toBe(generations[1]?.text)
  })

  test('first tokens are drawn with the probabilities that the scorer gives', async () => {
    const draws = 600
    const temperature = 1.3
    const requests = Array.from({ length: draws }, (_, seed) => ({
      ...ask('draw', seed, temperature),
      maxTokens: 1,
    }))
    const { generations } = await createLocalGenerator(model).generate(requests)
    const counts = new Map<string, number>()
    for (const { text } of generations) counts.set(text, (counts.get(text) ?? 0) + 1)
    const likely = [...counts].filter(
      ([text, count]) => count >= 10 && text !== '' && !text.includes('\uFFFD'),
    )
    expect(likely.length).toBeGreaterThan(2)
    const { scores } = await createLocalScorer(model).score(
      likely.map(([text]) => ({
        messages: [{ role: 'user', content: 'draw' }],
        continuation: text,
        ends: false,
      })),
      { temperatures: [temperature] },
    )
    for (const [index, [, count]] of likely.entries()) {
      const probability = Math.exp(scores[index]?.logLikelihoods[0] ?? Number.NaN)
      const standardError = Math.sqrt((probability * (1 - probability)) / draws)
      expect(Math.abs(count / draws - probability)).toBeLessThan(4.5 * standardError)
    }
  })
})

describe('the end of an answer', () => {
  test('is an end token, or maxTokens, or the end of the context', async () => {
    const { generations } = await createLocalGenerator(model).generate(
      Array.from({ length: 40 }, (_, seed) => ({ ...ask('stop', seed, 2), maxTokens: 1000 })),
    )
    const stopped = generations.filter(({ finishReason }) => finishReason === 'stop')
    expect(stopped.length).toBeGreaterThan(0)
    for (const { usage } of stopped) expect(usage.outputTokens).toBeLessThan(512)
    const [cut] = (await createLocalGenerator(model).generate([{ ...ask('cut', 1, 0.1), maxTokens: 3 }]))
      .generations
    expect(cut).toMatchObject({ finishReason: 'length', usage: { outputTokens: 3 } })
  })

  test('maxTokens 0 gives an empty text', async () => {
    const { generations } = await createLocalGenerator(model).generate([{ ...ask('none', 1), maxTokens: 0 }])
    expect(generations[0]).toMatchObject({ text: '', finishReason: 'length' })
  })

  test('a prompt that fills the context is refused', async () => {
    const promise = createLocalGenerator(model).generate([ask('y'.repeat(600), 1)])
    await expect(promise).rejects.toMatchObject({ name: 'RequestTooLongError', limit: 512 })
  })
})

describe('calls', () => {
  test('usage counts reused prompt tokens once, and results keep the order of the requests', async () => {
    await using fresh = await loadLocalModel({ model: path })
    const requests = [ask('b', 1), ask('a', 2), ask('b', 3)]
    const told: number[] = []
    const { generations, usage } = await createLocalGenerator(fresh).generate(requests, {
      onGeneration: (index) => told.push(index),
    })
    expect(told.toSorted()).toEqual([0, 1, 2])
    expect(usage.calls).toBe(3)
    const alone = await createLocalGenerator(fresh).generate([ask('a', 2)])
    expect(generations[1]?.text).toBe(alone.generations[0]?.text)
    expect(usage.evaluatedTokens).toBeLessThan(usage.inputTokens + usage.outputTokens)
  })

  test('an abort stops inside an answer', async () => {
    const controller = new AbortController()
    const promise = createLocalGenerator(model).generate(
      Array.from({ length: 50 }, (_, seed) => ({ ...ask('abort', seed), maxTokens: 300 })),
      { signal: controller.signal, onGeneration: () => controller.abort() },
    )
    await expect(promise).rejects.toThrow(/abort/i)
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('temperature %s is refused', async (temperature) => {
    await expect(createLocalGenerator(model).generate([ask('x', 1, temperature)])).rejects.toThrow(RangeError)
  })
})
