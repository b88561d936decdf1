import { describe, expect, test } from 'vitest'
import { encoderContract } from '../testing/encoder-contract.ts'
import { fakeEncoder } from '../testing/fake-encoder.ts'
import { createVectorEncoder, type EmbeddedTexts } from './vector-encoder.ts'

const fake = fakeEncoder()
const embed = async (texts: readonly string[]): Promise<EmbeddedTexts> => {
  const { embeddings } = await fake.encode(texts)
  return { vectors: embeddings.map((vector) => Array.from(vector, (value) => 3 * value)) }
}
const encoderOf = (vectors: readonly (readonly number[])[], inputTokens?: number) =>
  createVectorEncoder({
    id: 'fake',
    dimension: 2,
    embed: () => Promise.resolve({ vectors, inputTokens }),
  })

describe('an encoder over a function', () => {
  const cases = encoderContract(() => createVectorEncoder({ id: 'fake', dimension: 32, embed }))
  test.each(cases.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await expect(run()).resolves.toBeUndefined()
  })
})

test('blank texts are the first unit vector and reach no service', async () => {
  const asked: (readonly string[])[] = []
  const encoder = createVectorEncoder({
    id: 'fake',
    dimension: 2,
    embed: (texts) => {
      asked.push(texts)
      return Promise.resolve({ vectors: texts.map((_, index) => [0, index + 1]) })
    },
  })
  const [first, second] = [Float32Array.of(1, 0), Float32Array.of(0, 1)]
  const { embeddings } = await encoder.encode(['', 'a', ' \n', 'b'])
  expect(embeddings).toEqual([first, second, first, second])
  expect((await encoder.encode(['', ''])).embeddings).toEqual([first, first])
  expect(asked).toEqual([['a', 'b']])
})

test('tokens are those of the service, or estimated', async () => {
  const texts = ['four', 'four bytes and more']
  const vectors = [
    [1, 0],
    [0, 1],
  ]
  expect((await encoderOf(vectors, 7).encode(texts)).usage).toEqual({
    calls: 2,
    inputTokens: 7,
    outputTokens: 0,
    evaluatedTokens: 7,
  })
  expect((await encoderOf(vectors).encode(texts)).usage.inputTokens).toBe(1 + 5)
})

test.each([
  [[], 'found none'],
  [[[1, 2, 3]], 'found 3 numbers of norm'],
  [[[0, 0]], 'found 2 numbers of norm 0'],
  [[[Number.NaN, 1]], 'found 2 numbers of norm NaN'],
  [[[Infinity, 1]], 'found 2 numbers of norm Infinity'],
])('vectors %j are refused', async (vectors, found) => {
  const error: unknown = await encoderOf(vectors)
    .encode(['x'])
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'embedding', encoder: 'fake', dimension: 2 })
  expect(String(error)).toContain(found)
})

test('a dimension that is none is refused', () => {
  expect(() => createVectorEncoder({ id: 'fake', dimension: 0, embed })).toThrow('`dimension`')
})

test('an abort is answered at once, also while the service is at work', async () => {
  const stop = new AbortController()
  const waiting = createVectorEncoder({ id: 'fake', dimension: 2, embed: () => new Promise(() => {}) })
  const encoding = waiting.encode(['x'], { signal: stop.signal })
  const reason = new Error('enough')
  stop.abort(reason)
  await expect(encoding).rejects.toBe(reason)
  await expect(waiting.encode(['x'], { signal: stop.signal })).rejects.toBe(reason)
})
