import { describe, expect, test } from 'vitest'
import { encodeWindows, windowSizeFor } from './encode-windows.ts'
import type { WindowModel } from './encode-windows.ts'

/** Letters are tokens. A window points to where its first letter is in the alphabet: a is (1, 0), b is (0, 1). */
function letters(windowSize: number, addedTokens: number, seen: string[] = []): WindowModel {
  return {
    dimension: 2,
    windowSize,
    addedTokens,
    tokenize: (text) => Array.from(text, (letter) => letter.charCodeAt(0)),
    embed: async (tokens) => {
      seen.push(String.fromCharCode(...tokens))
      return tokens.length === 0 ? [3, 4] : tokens[0] === 97 ? [5, 0] : [0, 0.1]
    },
  }
}

describe('encoding in windows', () => {
  test('cuts a long text so that the added tokens have their place, and weights windows by their text', async () => {
    const seen: string[] = []
    const { embeddings, usage } = await encodeWindows(['aaaba', 'b', 'bbb'], letters(5, 2, seen), undefined)
    expect(seen).toEqual(['aaa', 'ba', 'b', 'bbb'])
    expect([...(embeddings[0] ?? [])]).toEqual([
      expect.closeTo(3 / Math.hypot(3, 2)),
      expect.closeTo(2 / Math.hypot(3, 2)),
    ])
    expect([...(embeddings[1] ?? [])]).toEqual([0, 1])
    expect(usage).toEqual({ calls: 3, inputTokens: 9 + 8, outputTokens: 0, evaluatedTokens: 9 + 8 })
  })

  test('an empty text is what the added tokens give, or the constant vector where there are none', async () => {
    const added = await encodeWindows([''], letters(5, 2), undefined)
    expect([...(added.embeddings[0] ?? [])]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)])
    const seen: string[] = []
    const none = await encodeWindows([''], letters(5, 0, seen), undefined)
    expect(seen).toEqual([])
    expect([...(none.embeddings[0] ?? [])]).toEqual([
      expect.closeTo(Math.SQRT1_2),
      expect.closeTo(Math.SQRT1_2),
    ])
  })

  test('an abort stops it before the next window', async () => {
    const seen: string[] = []
    const stop = new AbortController()
    const model = letters(1, 0, seen)
    const aborting: WindowModel = {
      ...model,
      embed: (tokens) => {
        if (seen.length === 1) stop.abort(new Error('enough'))
        return model.embed(tokens)
      },
    }
    await expect(encodeWindows(['aaaa'], aborting, stop.signal)).rejects.toThrow('enough')
    expect(seen).toHaveLength(2)
  })
})

describe('the size of a window', () => {
  test('is what the model takes, at most 2,048, or what is asked for', () => {
    expect(windowSizeFor(undefined, 512, 2)).toBe(512)
    expect(windowSizeFor(undefined, 8192, 2)).toBe(2048)
    expect(windowSizeFor(undefined, Number.POSITIVE_INFINITY, 2)).toBe(2048)
    expect(windowSizeFor(4096, 8192, 2)).toBe(4096)
    expect(windowSizeFor(3, 512, 2)).toBe(3)
  })

  test.each([2, 513, 10.5, Number.NaN])('%d is refused, with what is possible', (size) => {
    expect(() => windowSizeFor(size, 512, 2)).toThrow('from 3 to 512')
  })
})
