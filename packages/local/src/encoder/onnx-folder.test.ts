import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { randomEncoderFolder, temporaryFolder } from '../testing/random-model-file.ts'
import { readOnnxFolder } from './onnx-folder.ts'

describe('the folder of an ONNX encoder', () => {
  test('is read, and named after itself and its contents', async () => {
    const folder = randomEncoderFolder()
    const read = await readOnnxFolder(folder)
    expect(read).toMatchObject({ folder, subfolder: 'onnx', modelFile: 'model' })
    expect(read.name).toMatch(/^encoder@[0-9a-f]{12}$/)
    expect(read.size).toBeGreaterThan(300_000)
    expect((await readOnnxFolder(randomEncoderFolder())).name).toBe(read.name)
    writeFileSync(join(folder, 'README.md'), 'about the model')
    expect((await readOnnxFolder(folder)).name).toBe(read.name)
  })

  test.each(['onnx/model.onnx', 'onnx/model.onnx_data', 'tokenizer.json', 'tokenizer_config.json'])(
    'has another name when %s differs',
    async (file) => {
      const folder = randomEncoderFolder()
      const { name } = await readOnnxFolder(folder)
      appendFileSync(join(folder, file), ' ')
      expect((await readOnnxFolder(folder)).name).not.toBe(name)
    },
  )

  test('may hold its model beside the configuration, or one of another name', async () => {
    const folder = randomEncoderFolder()
    renameSync(join(folder, 'onnx/model.onnx'), join(folder, 'model.onnx'))
    expect(await readOnnxFolder(folder)).toMatchObject({ subfolder: '', modelFile: 'model' })
    renameSync(join(folder, 'model.onnx'), join(folder, 'onnx/model_quantized.onnx'))
    expect(await readOnnxFolder(folder)).toMatchObject({ subfolder: 'onnx', modelFile: 'model_quantized' })
  })

  test('may be meant by one of its ONNX files', async () => {
    const folder = randomEncoderFolder()
    writeFileSync(join(folder, 'onnx/model_q4.onnx'), 'other weights')
    const whole = await readOnnxFolder(folder)
    expect(whole.modelFile).toBe('model')
    const file = await readOnnxFolder(join(folder, 'onnx/model_q4.onnx'))
    expect(file).toMatchObject({ folder, subfolder: 'onnx', modelFile: 'model_q4' })
    expect(file.name).not.toBe(whole.name)
    const called = join(temporaryFolder(), 'onnx')
    renameSync(folder, called)
    renameSync(join(called, 'onnx/model.onnx'), join(called, 'model.onnx'))
    expect(await readOnnxFolder(join(called, 'model.onnx'))).toMatchObject({ folder: called, subfolder: '' })
  })
})

describe('what is no folder of an ONNX encoder', () => {
  const refusal = async (path: string): Promise<unknown> =>
    readOnnxFolder(path).then(
      () => undefined,
      (error: unknown) => error,
    )

  test('is refused by what is missing and what is there', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'model.safetensors'), 'weights')
    writeFileSync(join(folder, 'config.json'), '{}')
    expect(await refusal(folder)).toMatchObject({
      name: 'OnnxModelError',
      path: folder,
      message: expect.stringContaining(
        `${folder} has no tokenizer.json, no tokenizer_config.json; it holds config.json, model.safetensors. Give a folder`,
      ),
    })
  })

  test('is refused without an ONNX file, with the way to export one, and with several of which none is the one', async () => {
    const folder = randomEncoderFolder()
    rmSync(join(folder, 'onnx/model.onnx'))
    expect(await refusal(folder)).toMatchObject({ message: expect.stringContaining('has no ONNX file') })
    expect(await refusal(folder)).toMatchObject({
      message: expect.stringContaining('optimum-cli export onnx'),
    })
    for (const name of ['model_q4', 'model_fp16']) writeFileSync(join(folder, `onnx/${name}.onnx`), '')
    expect(await refusal(folder)).toMatchObject({
      message: expect.stringContaining(
        'has onnx/model_fp16.onnx, onnx/model_q4.onnx. Give the path of the one to use.',
      ),
    })
  })

  test('is refused if it is not there, or another kind of file', async () => {
    const folder = temporaryFolder()
    expect(await refusal(join(folder, 'gone'))).toMatchObject({
      message: expect.stringContaining('gone cannot be opened. Give a folder'),
    })
    writeFileSync(join(folder, 'x.gguf'), 'GGUF')
    expect(await refusal(join(folder, 'x.gguf'))).toMatchObject({
      message: expect.stringContaining('local:path.gguf'),
    })
    mkdirSync(join(folder, 'empty'))
    expect(await refusal(join(folder, 'empty'))).toMatchObject({
      message: expect.stringContaining('it holds nothing'),
    })
  })

  test('is refused with a configuration that cannot be read', async () => {
    const folder = randomEncoderFolder()
    writeFileSync(join(folder, 'config.json'), '{"model_type": "bert"')
    expect(await refusal(folder)).toMatchObject({
      message: expect.stringContaining('has a config.json that cannot be read'),
    })
  })
})
