import { expect, it } from 'vitest'
import { isEncoderOfFiles, parseEncoderUri, parseModelUri } from './model-uri.ts'

it('reads models', () => {
  expect(parseModelUri('local')).toEqual({ engine: 'local', path: undefined })
  expect(parseModelUri('local:a/b:c.gguf')).toEqual({ engine: 'local', path: 'a/b:c.gguf' })
})

it('reads encoders', () => {
  expect(parseEncoderUri('lsa')).toEqual({ kind: 'lsa' })
  expect(parseEncoderUri('hashed')).toEqual({ kind: 'hashed' })
  expect(parseEncoderUri('local:e.gguf')).toEqual({ kind: 'local', path: 'e.gguf' })
  expect(parseEncoderUri('onnx:models/C:e5')).toEqual({ kind: 'onnx', path: 'models/C:e5' })
})

it('says what to write instead', () => {
  expect(() => parseModelUri('gpt-4')).toThrow('`local:path.gguf`')
  expect(() => parseModelUri('x.gguf')).toThrow('local:x.gguf')
  expect(() => parseModelUri('local:')).toThrow('no model')
  expect(() => parseEncoderUri('mpnet')).toThrow('`hashed`')
  expect(() => parseEncoderUri('mpnet')).toThrow('`onnx:path/to/folder`')
  expect(() => parseEncoderUri('onnx:')).toThrow('no encoder')
  expect(() => parseEncoderUri('e.gguf')).toThrow('local:e.gguf')
})

it('knows which encoders lie in files', () => {
  expect(['local:e.gguf', 'onnx:e5', 'lsa', 'hashed'].map(isEncoderOfFiles)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
