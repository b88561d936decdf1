import { describe, expect, test } from 'vitest'
import { fakeTextGenerator } from '../testing/fake-text-generator.ts'
import { textGeneratorContract } from '../testing/text-generator-contract.ts'
import { type AnswerGeneratorOptions, createAnswerGenerator } from './answer-generator.ts'
import type { Generation } from './text-generator.ts'
import { noUsage } from './usage.ts'

const fake = fakeTextGenerator()
const answer: AnswerGeneratorOptions['answer'] = async (request, { signal }) => {
  const { generations } = await fake.generate([request], signal === undefined ? {} : { signal })
  return generations[0] as Generation
}
const request = { messages: [{ role: 'user' as const, content: 'x' }], temperature: 1, seed: 1 }
const warm: Generation = { text: 'Warm.', finishReason: 'stop', usage: { ...noUsage, calls: 1 } }

describe('a generator over a function', () => {
  const cases = textGeneratorContract(() => createAnswerGenerator({ id: 'fake', answer }))
  test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

test.each([
  [undefined, 4],
  [2, 2],
])('with concurrency %j at most %i are under way', async (concurrency, expected) => {
  let running = 0
  let most = 0
  const generator = createAnswerGenerator({
    id: 'fake',
    concurrency,
    answer: async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return warm
    },
  })
  await generator.generate(Array.from({ length: 12 }, () => request))
  expect(most).toBe(expected)
})

test('an error travels as it is, and a wrong temperature is refused before anything is asked', async () => {
  const failure = new Error('no such model')
  let asked = 0
  const generator = createAnswerGenerator({
    id: 'fake',
    answer: () => {
      asked++
      return Promise.reject(failure)
    },
  })
  await expect(generator.generate([request])).rejects.toBe(failure)
  for (const temperature of [-1, Number.NaN, Infinity]) {
    await expect(generator.generate([request, { ...request, temperature }])).rejects.toMatchObject({
      code: 'invalid-argument',
      argument: 'temperature',
    })
  }
  expect(asked).toBe(1)
})

test('an abort is answered at once, also where the function takes no signal', async () => {
  const stop = new AbortController()
  const generator = createAnswerGenerator({ id: 'fake', answer: () => new Promise(() => {}) })
  const generating = generator.generate([request], { signal: stop.signal })
  const reason = new Error('enough')
  stop.abort(reason)
  await expect(generating).rejects.toBe(reason)
})
