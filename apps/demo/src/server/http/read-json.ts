import type { Context } from 'hono'
import * as v from 'valibot'
import { ProblemError } from './problem-error.ts'
import { readBody } from './read-body.ts'

const mostBytes = 64 * 1024

/** The body of a request, checked. @throws ProblemError 413, 415, or 400 that names the field. */
export async function readJson<Schema extends v.GenericSchema>(
  context: Context,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const type = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new ProblemError(415, {
      message: `The body must be of type application/json; found ${type === undefined ? 'none' : JSON.stringify(type)}.`,
      remedy: 'Send the header content-type: application/json.',
    })
  }
  const bytes = await readBody(context, mostBytes)
  const checked = v.safeParse(schema, parse(bytes), { abortEarly: true })
  if (checked.success) return checked.output
  const [issue] = checked.issues
  const field = v.getDotPath(issue) ?? undefined
  throw new ProblemError(400, {
    message: `${field === undefined ? 'The body' : `\`${field}\``} ${issue.message}.`,
    ...(field !== undefined && { field }),
  })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch {
    throw new ProblemError(400, {
      message: 'The body is not JSON.',
      remedy: 'Send one JSON object in UTF-8.',
    })
  }
}
