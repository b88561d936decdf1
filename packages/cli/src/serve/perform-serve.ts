import type { CommandContext } from '../command-context.ts'
import { UsageError } from '../errors/usage-error.ts'
import { parseModelUri } from '../models/model-uri.ts'
import { serveDefaults, type ServeFlags } from './serve-settings.ts'

/** Runs the OpenAI-compatible server until Ctrl-C. */
export async function performServe(flags: ServeFlags, context: CommandContext): Promise<void> {
  const { terminal, config, signal } = context
  const { path } = parseModelUri(flags.model ?? config.model ?? serveDefaults.model)
  const port = flags.port ?? config.serve?.port ?? serveDefaults.port
  const host = flags.host ?? config.serve?.host ?? serveDefaults.host
  const { createLocalServer } = await import('@mop/local')
  await using server = await createLocalServer({
    model: path,
    contextSize: flags.context ?? config.context,
    port,
    host,
  }).catch((cause: unknown) => {
    throw listenError(cause, host, port)
  })
  const { url, modelName, encoderName } = server
  terminal.print(
    [
      `Listening on ${terminal.style('bold', url)} (no key; Ctrl-C stops it)`,
      '',
      `  curl ${url}/chat/completions -H 'content-type: application/json' \\`,
      `    -d '{"model": "${modelName}", "messages": [{"role": "user", "content": "Write a film review."}]}'`,
      '',
      `In any OpenAI client: baseURL ${url}, model ${modelName},`,
      `for embeddings ${encoderName}, and any text as the key.`,
    ].join('\n'),
  )
  terminal.json({ url, model: modelName, encoder: encoderName })
  const stopped = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => stopped.resolve(), { once: true })
  if (signal.aborted) stopped.resolve()
  await stopped.promise
}

function listenError(cause: unknown, host: string, port: number): unknown {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  const reason = typeof code === 'string' ? listenReasons.get(code) : undefined
  if (reason === undefined) return cause
  return new UsageError({
    message: `Cannot listen on ${host}:${port}: ${reason}.`,
    remedy: 'Give another --port (0 takes a free one) or --host.',
    cause,
  })
}

const listenReasons: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'something else listens there'],
  ['EACCES', 'you have no right to that port'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['ENOTFOUND', 'there is no such host'],
])
