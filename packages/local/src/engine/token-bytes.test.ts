import { afterAll, describe, expect, test } from 'vitest'
import { randomModelFile } from '../testing/random-model-file.ts'
import { loadLocalModel } from './local-model.ts'

const subjects = await Promise.all(
  [
    { name: 'byte-level', path: randomModelFile() },
    { name: 'SentencePiece, a space before texts', path: randomModelFile({ sentencePiece: {} }) },
    { name: 'SentencePiece', path: randomModelFile({ sentencePiece: { spacePrefix: false } }) },
  ].map(async ({ name, path }) => ({ name, model: await loadLocalModel({ model: path }) })),
)
afterAll(() => Promise.all(subjects.map(({ model }) => model.dispose())))

const texts = [
  'The soup was warm.',
  ' a',
  '  spaces  at both ends  ',
  ' ',
  '\n\nx\r\n\t',
  'na\u00efve 日本語 שלום',
  '👩‍👩‍👧‍👦 🏳️‍🌈',
  'a\u0000b\u0007',
  '\u200b\ufeff',
  '</s> <unk> <0x41> <|end|> <end_of_turn>',
]

describe.each(subjects)('the bytes of tokens, $name', ({ model }) => {
  test.each(texts)('are those of the text %j', (text) => {
    const tokens = model.tokenize(text)
    expect(Buffer.concat(tokens.map((token) => model.tokenBytes(token)))).toEqual(Buffer.from(text))
    expect(Buffer.concat(tokens.map((token) => model.textBytes(token)))).toEqual(Buffer.from(text))
    expect(model.detokenize(tokens)).toBe(text)
  })

  test('are there for every byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      // Latin-1 letters are two bytes of UTF-8; the second one runs through all continuation bytes.
      const text = String.fromCodePoint(byte)
      const bytes = model.tokenize(text).flatMap((token) => [...model.tokenBytes(token)])
      expect(bytes).toEqual([...Buffer.from(text)])
    }
  })

  test('of control tokens are their names, and add nothing to a text', () => {
    const { endOfTurn } = model.format
    expect(Buffer.from(model.tokenBytes(endOfTurn)).toString()).toMatch(/^<.+>$/)
    expect([...model.textBytes(endOfTurn)]).toEqual([])
    expect(model.detokenize([endOfTurn])).toBe('')
  })
})
