import type { Problem } from '../api-contract.ts'

/** A request that did not go well, as the server said it. */
export class ServerError extends Error {
  readonly problem: Problem
  readonly status: number

  constructor(problem: Problem, status: number) {
    super(problem.message)
    this.problem = problem
    this.status = status
  }
}

/** What to show for anything thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ServerError) return error.problem
  if (error instanceof TypeError) {
    return {
      message: 'The server does not answer.',
      remedy: 'Start it again with `pnpm demo:web`; nothing that was computed is lost.',
    }
  }
  return { message: error instanceof Error ? error.message : String(error) }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly file?: Blob
  readonly signal?: AbortSignal
}

async function send(path: string, { method, json, file, signal }: CallOptions): Promise<Response> {
  const body = json === undefined ? file : JSON.stringify(json)
  const response = await fetch(`/api${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(body !== undefined && { body }),
    headers: json === undefined ? {} : { 'content-type': 'application/json' },
    ...(signal !== undefined && { signal }),
  })
  if (response.ok) return response
  const problem = await response
    .json()
    .then((found: unknown) => found as Problem)
    .catch((): Problem => ({ message: `The server answered ${response.status}.` }))
  throw new ServerError(problem, response.status)
}

/** @throws ServerError */
export async function call<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await send(path, options)
  return response.status === 204 ? (undefined as Answer) : ((await response.json()) as Answer)
}

/** The events of an NDJSON answer as they come, up to the one that says how it ended. @throws ServerError */
export async function* callStream<Event extends { readonly type: string }>(
  path: string,
  options: CallOptions = {},
): AsyncGenerator<Event> {
  const { body } = await send(path, options)
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const part = await reader?.read()
      if (part === undefined || part.done) break
      const lines = (rest + part.value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') continue
        const event = JSON.parse(line) as Event
        yield event
        if (event.type === 'done' || event.type === 'failed') return
      }
    }
  } finally {
    // Where nobody reads on, the server stops.
    await reader?.cancel().catch(() => undefined)
  }
  throw new ServerError({ message: 'The connection broke off before the end.', remedy: 'Ask again.' }, 0)
}
