import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encoderContract } from '@mop/core/testing'
import { describe, expect, test } from 'vitest'
import { fakeDimension, fakeState, fakeTransformers } from '../testing/fake-transformers.ts'
import type { FakeTransformers, FakeTransformersOptions } from '../testing/fake-transformers.ts'
import { randomEncoderFolder } from '../testing/random-model-file.ts'
import { testContract } from '../testing/test-contract.ts'
import { createOnnxEncoder, openOnnxEncoder } from './onnx-encoder.ts'
import type { OnnxEncoder, OnnxEncoderOptions, OnnxPooling } from './onnx-encoder.ts'
import { readOnnxFolder } from './onnx-folder.ts'

const folder = randomEncoderFolder()

async function open(
  options: OnnxEncoderOptions = {},
  fakeOptions: FakeTransformersOptions = {},
): Promise<{ encoder: OnnxEncoder; fake: FakeTransformers }> {
  const fake = fakeTransformers(fakeOptions)
  return { encoder: await openOnnxEncoder(fake.module, await readOnnxFolder(folder), options), fake }
}

const unit = (vector: readonly number[]): readonly number[] => {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}
const close = (vector: readonly number[]): readonly unknown[] =>
  vector.map((value) => expect.closeTo(value, 5))

describe('the ONNX encoder', () => {
  testContract(encoderContract(async () => (await open()).encoder))

  test('opens the folder itself, never a name to download, and one file of it on the processor', async () => {
    const { fake } = await open({ threads: 3 })
    expect(fake.opened).toEqual([
      { folder, options: { local_files_only: true } },
      {
        folder,
        options: {
          local_files_only: true,
          device: 'cpu',
          dtype: 'fp32',
          subfolder: 'onnx',
          model_file_name: 'model',
          use_external_data_format: false,
          session_options: { intraOpNumThreads: 3 },
        },
      },
    ])
  })

  test('runs each text alone, its control tokens around it', async () => {
    const { encoder, fake } = await open()
    const before = fake.runs.length
    const { usage } = await encoder.encode(['one', 'one two three', ''])
    expect(fake.runs.slice(before).map((run) => run.length)).toEqual([3, 5, 2])
    expect(fake.runs.slice(before).every((run) => run[0] === 2 && run.at(-1) === 3)).toBe(true)
    expect(usage).toEqual({ calls: 3, inputTokens: 10, outputTokens: 0, evaluatedTokens: 10 })
  })

  test.each<[OnnxPooling, number[]]>([
    ['mean', [0, 1, 2]],
    ['cls', [0]],
    ['last_token', [2]],
  ])('pools by %s', async (pooling, places) => {
    const { encoder, fake } = await open({ pooling })
    const { embeddings } = await encoder.encode(['soup'])
    const run = fake.runs.at(-1) ?? []
    const sums = Array.from({ length: fakeDimension }, (_, index) =>
      places.reduce((sum, place) => sum + (fakeState(run[place] ?? 0, place)[index] ?? 0), 0),
    )
    expect([...(embeddings[0] ?? [])]).toEqual(close(unit(sums)))
    expect(encoder.id).toMatch(new RegExp(`^onnx:encoder@[0-9a-f]{12}:${pooling}:128$`))
  })

  test('takes a control token that a text spells for text', async () => {
    const { encoder, fake } = await open()
    await encoder.encode(['a [SEP] b'])
    expect(fake.runs.at(-1)?.filter((token) => token === 3)).toHaveLength(1)
  })

  test('cuts long texts into windows of what tokenizer and model take, or of what is asked for', async () => {
    const words = (count: number): string =>
      Array.from({ length: count }, (_, index) => `w${index}`).join(' ')
    const lengths = async (options: OnnxEncoderOptions, maxLength: number): Promise<readonly number[]> => {
      const { encoder, fake } = await open(options, { maxLength })
      const before = fake.runs.length
      await encoder.encode([words(130)])
      return fake.runs.slice(before).map((run) => run.length)
    }
    // The model of the folder has 128 positions.
    expect(await lengths({}, 1e30)).toEqual([128, 6])
    expect(await lengths({}, 100)).toEqual([100, 34])
    expect(await lengths({ contextSize: 70 }, 1e30)).toEqual([70, 64])
    await expect(open({ contextSize: 129 })).rejects.toThrow(RangeError)
  })

  test('lets its model go when it is disposed, and when it cannot be opened', async () => {
    const { encoder, fake } = await open()
    await encoder[Symbol.asyncDispose]()
    expect(fake.disposed()).toBe(1)
    const other = fakeTransformers({ maxLength: 2 })
    await expect(openOnnxEncoder(other.module, await readOnnxFolder(folder), {})).rejects.toThrow(RangeError)
    expect(other.disposed()).toBe(1)
  })
})

describe('what the model gives', () => {
  test('may be called token_embeddings', async () => {
    const { encoder } = await open({}, { outputs: (states) => ({ token_embeddings: states }) })
    expect(encoder.dimension).toBe(fakeDimension)
  })

  test.each<[string, FakeTransformersOptions['outputs']]>([
    ['gives logits, and no last_hidden_state', (states) => ({ logits: states })],
    [
      'float16 1 × 3 × 6',
      (states) => ({ last_hidden_state: { ...states, type: 'float16', data: new Uint16Array(18) } }),
    ],
    ['float32 1 × 6', (states) => ({ last_hidden_state: { ...states, dims: [1, 6] } })],
  ])('is refused if it %s', async (problem, outputs) => {
    const opening = open({}, { outputs: outputs ?? (() => ({})) })
    await expect(opening).rejects.toThrow(problem)
    await expect(opening).rejects.toThrow(expect.objectContaining({ name: 'OnnxModelError', path: folder }))
  })

  test('a model that cannot be loaded is named, with the reason', async () => {
    await expect(open({}, { failure: new Error('bad protobuf') })).rejects.toThrow(
      `ONNX model ${folder} cannot be loaded (bad protobuf). Compare`,
    )
  })
})

describe('the pooling that the folder states', () => {
  const stated = async (pooling: object): Promise<OnnxEncoder> => {
    const own = randomEncoderFolder()
    mkdirSync(join(own, '1_Pooling'))
    writeFileSync(join(own, '1_Pooling/config.json'), JSON.stringify(pooling))
    return openOnnxEncoder(fakeTransformers().module, await readOnnxFolder(own), {})
  }

  test.each([
    [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
    [{ pooling_mode_mean_tokens: true }, 'mean'],
    [{ pooling_mode_lasttoken: true }, 'last_token'],
    [{ pooling_mode: 'cls' }, 'cls'],
    [{ word_embedding_dimension: 6 }, 'mean'],
  ])('%j is %s', async (pooling, expected) => {
    expect((await stated(pooling)).id).toContain(`:${expected}:`)
  })

  test('is refused if it is none of ours', async () => {
    await expect(stated({ pooling_mode_max_tokens: true })).rejects.toThrow('by max_tokens')
    await expect(stated({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: true })).rejects.toThrow(
      'by cls_token+mean_tokens',
    )
  })
})

test('without transformers.js, which this workspace does not install, the error says how to install it', async () => {
  await expect(createOnnxEncoder(folder)).rejects.toThrow(
    'npm install --ignore-scripts @huggingface/transformers@4',
  )
  await expect(createOnnxEncoder(folder)).rejects.toThrow(
    expect.objectContaining({ name: 'PeerPackageError', packageName: '@huggingface/transformers' }),
  )
})
