import { expect, it } from 'vitest'
import { parseEncoderUri, parseModelUri } from './model-uri.ts'

it('reads models', () => {
  expect(parseModelUri('local')).toEqual({ engine: 'local', path: undefined })
  expect(parseModelUri('local:a/b:c.gguf')).toEqual({ engine: 'local', path: 'a/b:c.gguf' })
})

it('reads encoders', () => {
  expect(parseEncoderUri('lsa')).toEqual({ kind: 'lsa' })
  expect(parseEncoderUri('hashed')).toEqual({ kind: 'hashed' })
  expect(parseEncoderUri('local:e.gguf')).toEqual({ kind: 'local', path: 'e.gguf' })
})

it('says what to write instead', () => {
  expect(() => parseModelUri('gpt-4')).toThrow('`local:path.gguf`')
  expect(() => parseModelUri('x.gguf')).toThrow('local:x.gguf')
  expect(() => parseModelUri('local:')).toThrow('no model')
  expect(() => parseEncoderUri('mpnet')).toThrow('`hashed`')
})
