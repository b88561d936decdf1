import type { Context } from 'hono'
import { ProblemError } from './problem-error.ts'

/** The bytes of a request, at most so many. @throws ProblemError 413 as soon as there are more. */
export async function readBody(context: Context, mostBytes: number): Promise<Uint8Array> {
  const announced = Number(context.req.header('content-length') ?? 0)
  if (announced > mostBytes) throw tooLarge(mostBytes)
  const parts: Uint8Array[] = []
  let size = 0
  const reader = context.req.raw.body?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (part === undefined || part.done) return Buffer.concat(parts)
    size += part.value.length
    if (size > mostBytes) {
      await reader?.cancel()
      throw tooLarge(mostBytes)
    }
    parts.push(part.value)
  }
}

function tooLarge(mostBytes: number): ProblemError {
  const limit = mostBytes >= 2 ** 20 ? `${mostBytes / 2 ** 20} MiB` : `${mostBytes / 1024} kB`
  return new ProblemError(413, {
    message: `That is larger than ${limit}.`,
    remedy: 'Send less: a part of the records is enough.',
  })
}
