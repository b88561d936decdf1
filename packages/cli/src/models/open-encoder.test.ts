import { expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { encoderFlag, openEncoder, reopenEncoder } from './open-encoder.ts'

it('reopens a mixture with the encoder of the flag, or with that of the configuration if it lies in files', () => {
  expect(encoderFlag('onnx:e5', { encoder: 'local:e.gguf' })).toBe('onnx:e5')
  expect(encoderFlag(undefined, { encoder: 'local:e.gguf' })).toBe('local:e.gguf')
  expect(encoderFlag(undefined, { encoder: 'onnx:e5' })).toBe('onnx:e5')
  expect(encoderFlag(undefined, { encoder: 'lsa' })).toBeUndefined()
  expect(encoderFlag(undefined, {})).toBeUndefined()
})

it('says which files a mixture wants', async () => {
  const reopen = (id: string): Promise<unknown> => reopenEncoder({ id, dimension: 8 }, undefined)
  await expect(reopen('onnx:e5@123456789abc:mean:512')).rejects.toThrow('--encoder onnx:path/to/folder')
  await expect(reopen('local:e.gguf@123456789abc:embedding:512')).rejects.toThrow('--encoder local:path.gguf')
})

it('says what is wrong with the files given', async () => {
  using folder = temporaryFolder()
  await expect(openEncoder(`onnx:${folder.file('gone')}`, [])).rejects.toThrow('gone cannot be opened')
  await expect(openEncoder(`onnx:${folder.path}`, [])).rejects.toThrow('has no config.json')
  await expect(openEncoder(`local:${folder.file('gone.gguf')}`, [])).rejects.toThrow(
    'gone.gguf cannot be opened',
  )
})
