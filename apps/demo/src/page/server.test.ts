import { afterEach, expect, it, vi } from 'vitest'
import { callStream } from './server.ts'

afterEach(() => vi.unstubAllGlobals())

/** An answer in these pieces, whatever they cut through. */
function answerWith(pieces: readonly string[]): { readonly cancelled: () => boolean } {
  let cancelled = false
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece))
      if (!pieces.includes('open')) controller.close()
    },
    cancel() {
      cancelled = true
    },
  })
  vi.stubGlobal('fetch', async () => new Response(body))
  return { cancelled: () => cancelled }
}

async function typesOf(events: AsyncIterable<{ readonly type: string }>): Promise<string[]> {
  const types: string[] = []
  for await (const { type } of events) types.push(type)
  return types
}

it('gives the events of a stream, wherever it was cut', async () => {
  answerWith(['{"type":"pie', 'ce"}\n{"type":"piece"}\n', '{"type":"done"}\n'])
  expect(await typesOf(callStream('/x'))).toEqual(['piece', 'piece', 'done'])
})

it('tells of a stream that broke off', async () => {
  answerWith(['{"type":"piece"}\n'])
  await expect(typesOf(callStream('/x'))).rejects.toThrow('The connection broke off before the end.')
})

it('cancels a stream that nobody reads to its end', async () => {
  const answer = answerWith(['{"type":"piece"}\n', 'open'])
  for await (const event of callStream('/x')) {
    expect(event.type).toBe('piece')
    break
  }
  expect(answer.cancelled()).toBe(true)
})
