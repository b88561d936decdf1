import type { Context } from 'hono'
import { OpenAiError } from './openai-error.ts'

/**
 * The body as JSON. Other content types are refused: a web page can send those to a loopback server without asking it first.
 * @throws OpenAiError 415 or 400
 */
export async function readJson(context: Context): Promise<unknown> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw new OpenAiError({
      status: 415,
      message: `Content-Type must be application/json, not ${JSON.stringify(type)}.`,
    })
  }
  const text = await context.req.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new OpenAiError({
      status: 400,
      message: 'The body is not valid JSON.',
      code: 'invalid_json',
      cause,
    })
  }
}
