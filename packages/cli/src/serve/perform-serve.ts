import type { CommandContext } from '../command-context.ts'
import { parseModelUri } from '../models/model-uri.ts'
import { serveDefaults, type ServeFlags } from './serve-settings.ts'

/** Runs the OpenAI-compatible server until Ctrl-C. */
export async function performServe(flags: ServeFlags, context: CommandContext): Promise<void> {
  const { terminal, config, signal } = context
  const { path } = parseModelUri(flags.model ?? config.model ?? serveDefaults.model)
  const { createLocalServer } = await import('@mop/local')
  await using server = await createLocalServer({
    model: path,
    port: flags.port ?? config.serve?.port ?? serveDefaults.port,
    host: flags.host ?? config.serve?.host ?? serveDefaults.host,
  })
  terminal.print(`Listening on ${server.url}`)
  terminal.json({ url: server.url, model: server.modelId })
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await stopped
}
