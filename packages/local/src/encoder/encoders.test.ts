import type { Encoder } from '@mop/core'
import { encoderContract } from '@mop/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { randomEncoderFile, randomModelFile } from '../testing/random-model-file.ts'
import { testContract } from '../testing/test-contract.ts'
import { createHashedEncoder } from './hashed-encoder.ts'
import { encoderFromState, fitLatentSemanticEncoder } from './latent-semantic-encoder.ts'
import { createModelEncoder } from './model-encoder.ts'

const kitchens = ['soup', 'bread', 'stew', 'roast', 'salad']
const engines = ['gearbox', 'piston', 'clutch', 'exhaust', 'brake']
/** Sentences on two subjects, five nouns each, in a handful of frames. */
const corpus = [kitchens, engines].flatMap((nouns, subject) =>
  nouns.flatMap((noun, index) =>
    [3, 1, 2].map((step) => {
      const other = nouns[(index + step) % nouns.length] ?? ''
      return subject === 0
        ? `The ${noun} tasted better than the ${other} at dinner.`
        : `The ${noun} failed and the ${other} needed repair.`
    }),
  ),
)
const fitted = fitLatentSemanticEncoder(corpus, { dimension: 8 })
const model = await createModelEncoder(randomModelFile())
const bert = await createModelEncoder(randomEncoderFile())
afterAll(() => Promise.all([model.dispose(), bert.dispose()]))

const encoders: [string, Encoder][] = [
  ['hashed', createHashedEncoder()],
  ['latent semantic', fitted],
  ['language model', model],
  ['embedding model', bert],
]
const one = async (encoder: Encoder, text: string): Promise<Float32Array> => {
  const [embedding] = (await encoder.encode([text])).embeddings
  if (embedding === undefined) throw new Error('no embedding')
  return embedding
}
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

describe.each(encoders)('the %s encoder', (_, encoder) => {
  const texts = [
    '',
    ' ',
    'plain',
    'naïve 日本語 👩‍👩‍👧‍👦',
    '\uD800 lone',
    'I sat down. '.repeat(20),
    '...',
    'PLAIN',
  ]

  testContract(encoderContract(() => encoder))

  test('gives unit vectors of its dimension, the same alone and beside others', async () => {
    const { embeddings, usage } = await encoder.encode(texts)
    expect(usage.calls).toBe(texts.length)
    for (const [index, text] of texts.entries()) {
      const embedding = embeddings[index] ?? new Float32Array()
      expect(embedding).toHaveLength(encoder.dimension)
      expect(cosine(embedding, embedding)).toBeCloseTo(1, 5)
      expect(await one(encoder, text)).toEqual(embedding)
    }
  })

  test('an aborted call rejects', async () => {
    await expect(encoder.encode(['a'], { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
  })
})

describe('very long texts', () => {
  test.each(encoders)('%s: a very long text is encoded whole', async (_, encoder) => {
    const long = 'the soup and the bread '.repeat(500)
    expect(cosine(await one(encoder, long), await one(encoder, `${long} gearbox piston`))).toBeLessThan(
      1 - 1e-9,
    )
    expect(await one(encoder, 'x'.repeat(5_000))).toHaveLength(encoder.dimension)
  })

  test('words without spaces, 200,000 characters long, are encoded', async () => {
    expect(await one(fitted, 'x'.repeat(200_000))).toHaveLength(fitted.dimension)
  })

  test('spellings of the same characters are the same text', async () => {
    expect(await one(fitted, 'The SOUP, caf\u00e9')).toEqual(await one(fitted, 'the soup, cafe\u0301'))
  })
})

describe('an embedding model that puts [CLS] and [SEP] around a text', () => {
  test('takes a text of just its context, and one token more', async () => {
    const pair = 'the soup '
    const whole = await bert.encode([pair.repeat(63)])
    expect(whole.usage.inputTokens).toBe(128)
    const more = await bert.encode([`${pair.repeat(63)}bread`])
    expect(more.usage.inputTokens).toBe(128 + 3)
    expect(
      cosine(whole.embeddings[0] ?? new Float32Array(), more.embeddings[0] ?? new Float32Array()),
    ).toBeLessThan(1 - 1e-6)
  })

  test('makes of no text what it makes of the two alone', async () => {
    const empty = await one(bert, '')
    expect(new Set(empty).size).toBeGreaterThan(bert.dimension / 2)
    expect(await one(bert, ' ')).toEqual(empty)
  })

  test('takes their names in a text for text', async () => {
    expect(await one(bert, 'soup [SEP] bread')).toEqual(await one(bert, 'soup [ sep ] bread'))
  })

  test.each([0, 2, 2.5, 129])('a context of %d tokens is refused', async (contextSize) => {
    await expect(createModelEncoder(randomEncoderFile(), { contextSize })).rejects.toThrow(RangeError)
  })
})

describe('the latent semantic encoder', () => {
  test('puts texts on one subject nearer than texts on two, by the company words keep', async () => {
    const subjects = fitLatentSemanticEncoder(corpus, { dimension: 2 })
    const soup = await one(subjects, 'soup stew')
    expect(cosine(soup, await one(subjects, 'bread salad'))).toBeGreaterThan(
      cosine(soup, await one(subjects, 'piston clutch')) + 0.3,
    )
  })

  test('is restored from its state, as JSON, to the same vectors and the same id', async () => {
    const restored = encoderFromState(JSON.parse(JSON.stringify(fitted.state)))
    expect(restored.id).toBe(fitted.id)
    const text = 'The piston tasted better'
    expect(await one(restored, text)).toEqual(await one(fitted, text))
  })

  test('fitted again it is the same; on other texts, another dimension or seed it has another id', () => {
    expect(fitLatentSemanticEncoder(corpus, { dimension: 8 }).state).toEqual(fitted.state)
    const others = [
      fitLatentSemanticEncoder(corpus.slice(1), { dimension: 8 }),
      fitLatentSemanticEncoder(corpus, { dimension: 7 }),
    ]
    expect(new Set([fitted, ...others].map(({ id }) => id)).size).toBe(3)
  })

  test('a text said twice counts once', () => {
    expect(fitLatentSemanticEncoder([...corpus, ...corpus.slice(3)], { dimension: 8 }).state).toEqual(
      fitted.state,
    )
  })

  test('of more than 4,000 texts, inputs and answers in turn, both kinds are used', async () => {
    const inTurn = Array.from({ length: 2100 }, (_, index) => [
      `${index} the ${kitchens[index % 5]} tasted`,
      `${index} a ${engines[index % 5]} broke`,
    ]).flat()
    const encoder = fitLatentSemanticEncoder(inTurn, { dimension: 4 })
    for (const known of ['the soup tasted', 'a piston broke']) {
      const moved = await one(encoder, `${known} zyzzyx`)
      expect(cosine(moved, await one(encoder, known))).toBeGreaterThan(0.98)
    }
    expect(fitLatentSemanticEncoder(inTurn, { dimension: 4, seed: 2 }).id).not.toBe(encoder.id)
  })

  test('a text without any feature gets the constant unit vector', async () => {
    expect(await one(fitted, ' ')).toEqual(new Float32Array(8).fill(1 / Math.sqrt(8)))
  })

  test('what is not known hardly moves a text, and is told apart where nothing is known', async () => {
    const soup = await one(fitted, 'the soup tasted better')
    const unknown = await one(fitted, '\u65e5\u672c\u8a9e')
    const moved = await one(fitted, 'the soup tasted better \u65e5\u672c\u8a9e')
    expect(moved).not.toEqual(soup)
    expect(cosine(moved, soup)).toBeGreaterThan(0.999)
    expect(cosine(unknown, await one(fitted, '\u4e2d\u6587'))).toBeLessThan(0.999)
  })

  test('what only one text says counts among few texts, not among 100', async () => {
    const hundred = Array.from(
      { length: 100 },
      (_, index) => `${corpus[index % corpus.length]} ${' '.repeat(index)}`,
    )
    const moves = async (texts: readonly string[]): Promise<number> => {
      const encoder = fitLatentSemanticEncoder([...texts, 'zyzzyx'], { dimension: 4 })
      return 1 - cosine(await one(encoder, 'soup'), await one(encoder, 'soup zyzzyx'))
    }
    expect(await moves(hundred)).toBeLessThan(0.001)
    expect(await moves(hundred.slice(0, 60))).toBeGreaterThan(0.01)
  })

  test('its state holds no text of the records, in as few buckets as hold their features', () => {
    const { featureWeights, directions, mean, ...rest } = fitted.state
    expect(rest).toEqual({ kind: 'latent-semantic', version: 2, dimension: 8, buckets: 512 })
    expect(featureWeights).toHaveLength(4 * Math.ceil(32_768 / 3))
    expect(directions).toHaveLength(4 * Math.ceil((512 * 4) / 3))
    const bytes = Buffer.concat(
      [featureWeights, directions, mean].map((field) => Buffer.from(field, 'base64')),
    )
    for (const word of [...kitchens, ...engines]) expect(bytes.includes(word)).toBe(false)
  })

  test.each([1, 2])('%d texts are enough', async (count) => {
    const encoder = fitLatentSemanticEncoder(corpus.slice(0, count))
    expect(encoder.dimension).toBe(count)
    expect(await one(encoder, 'soup')).toHaveLength(encoder.dimension)
  })

  test('a damaged, foreign, older or newer state is refused by what is wrong', () => {
    const { state } = fitted
    for (const [wrong, problem] of [
      [undefined, 'wrong shape'],
      [{ ...state, version: 1 }, 'wrong version'],
      [{ ...state, version: 3 }, 'wrong version'],
      [{ ...state, kind: 'other' }, 'kind'],
      [{ ...state, buckets: 32_768 }, 'buckets'],
      [{ ...state, directions: state.directions.slice(0, -8) }, 'directions'],
      [{ ...state, featureWeights: state.featureWeights.slice(0, -8) }, 'featureWeights'],
      [{ ...state, dimension: 9 }, 'directions'],
      [
        { ...state, mean: Buffer.from(new Float32Array(8).fill(NaN).buffer).toString('base64') },
        'not finite',
      ],
    ] as const) {
      expect(() => encoderFromState(wrong)).toThrow(problem)
      expect(() => encoderFromState(wrong)).toThrow(expect.objectContaining({ name: 'EncoderStateError' }))
    }
  })

  test('no text at all is refused', () => {
    expect(() => fitLatentSemanticEncoder([])).toThrow(RangeError)
  })
})
