import { describe, expect, test } from 'vitest'
import { tokenSpans } from './token-spans.ts'

const spansOf = (text: string, tokens: readonly string[], textOffsets?: readonly number[]) => {
  const spans = tokenSpans(text, { tokens, logProbabilities: tokens.map(() => -1), textOffsets })
  return typeof spans === 'string' ? spans : spans.map((span) => span && [span.start, span.end])
}

describe('tokens along their text', () => {
  test.each<[string, string, readonly string[], unknown]>([
    [
      'plain',
      'a bc',
      ['a', ' b', 'c'],
      [
        [0, 1],
        [1, 3],
        [3, 4],
      ],
    ],
    ['a start token', 'a b', ['<s>', 'a', ' b'], [undefined, [0, 1], [1, 3]]],
    ['two start tokens', 'a', ['[gMASK]', '<sop>', 'a'], [undefined, undefined, [0, 1]]],
    [
      'a text that begins with what looks like one',
      '<s>a',
      ['<s>', '<s>', 'a'],
      'token 1 of 3 is not what the text goes on with',
    ],
    [
      'spaces written as ▁, one of them before the text',
      'a b',
      ['<s>', '▁a', '▁b'],
      [undefined, [0, 1], [1, 3]],
    ],
    [
      'spaces lost',
      'a b c',
      ['a', 'b', 'c'],
      [
        [0, 1],
        [1, 3],
        [3, 5],
      ],
    ],
    [
      'bytes of OpenAI',
      'a “b',
      ['a', 'bytes: \\xe2\\x80', 'bytes:\\x9c', 'b'],
      [
        [0, 1],
        [1, 4],
        [4, 5],
        [5, 6],
      ],
    ],
    [
      'bytes of SentencePiece',
      'é\n',
      ['<0xC3>', '<0xA9>', '<0x0A>'],
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ],
    [
      'parts of a character as nothing',
      'aéb',
      ['a', '', 'é', 'b'],
      [
        [0, 1],
        [1, 1],
        [1, 3],
        [3, 4],
      ],
    ],
    [
      'parts as U+FFFD',
      'a😀 b',
      ['a', '\uFFFD', '\uFFFD', ' b'],
      [
        [0, 1],
        [1, 5],
        [1, 5],
        [5, 7],
      ],
    ],
    [
      'parts as U+FFFD with their space',
      'a 😀!',
      ['a', ' \uFFFD', '\uFFFD', '!'],
      [
        [0, 1],
        [1, 6],
        [1, 6],
        [6, 7],
      ],
    ],
    [
      'parts at the end',
      'a😀',
      ['a', '\uFFFD', '\uFFFD'],
      [
        [0, 1],
        [1, 5],
        [1, 5],
      ],
    ],
    [
      'a text that holds U+FFFD',
      'a\uFFFDb',
      ['a', '\uFFFD', 'b'],
      [
        [0, 1],
        [1, 4],
        [4, 5],
      ],
    ],
    ['what was drawn after the text', 'ab', ['a', 'b', ' c'], [[0, 1], [1, 2], undefined]],
    ['a text cut short', 'abc', ['a', 'b'], "its 2 tokens end after 2 of the text's 3 bytes"],
    ['another text', 'abc', ['a', 'x', 'c'], 'token 1 of 3 is not what the text goes on with'],
    [
      'a token that spells bytes:',
      'bytes:a',
      ['bytes:', 'a'],
      [
        [0, 6],
        [6, 7],
      ],
    ],
  ])('%s', (_, text, tokens, expected) => {
    expect(spansOf(text, tokens)).toEqual(expected)
  })

  test.each([
    ['code points', [0, 1, 2, 2, 3]],
    ['UTF-16 units', [0, 1, 3, 3, 5]],
  ])('offsets in %s where tokens are no text', (_, offsets) => {
    const tokens = ['a', '😀', '\uFFFD', '\uFFFD', '!b']
    expect(spansOf('a😀😀!b', tokens, offsets)).toEqual([
      [0, 1],
      [1, 5],
      [5, 9],
      [5, 9],
      [9, 11],
    ])
  })
})
