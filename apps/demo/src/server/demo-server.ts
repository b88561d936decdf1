import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { createApplication } from './application.ts'
import { openEngine } from './engine/answering-engine.ts'
import { FitKeeper } from './fits/fit-keeper.ts'
import { redact } from './http/redact.ts'
import { PopulationStore } from './populations/population-store.ts'
import type { Settings } from './settings.ts'

export interface DemoServer extends AsyncDisposable {
  readonly url: string
  /** Which model answers, in words. */
  readonly answering: string
  /** Writes an error to the log, without secrets. */
  report(error: unknown): void
}

/** Everything that runs: engine, populations, fits, and the server over them. */
export async function startDemoServer(settings: Settings, note: (line: string) => void): Promise<DemoServer> {
  const { host, port, folder, remote } = settings
  await using opened = new AsyncDisposableStack()
  const engine = opened.use(await openEngine(remote))
  const { secrets, description } = engine
  const report = (error: unknown): void =>
    note(redact(error instanceof Error ? (error.stack ?? error.message) : String(error), secrets))
  const populations = await PopulationStore.open(folder, (message) => note(redact(message, secrets)))
  const fits = opened.use(await FitKeeper.open(populations.list(), engine.scorer.id, report))
  const stopping = new AbortController()
  const application = createApplication({
    engine,
    populations,
    fits,
    host,
    stopping: stopping.signal,
    page: fileURLToPath(new URL('../../dist', import.meta.url)),
    log: report,
  })
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = serve({ fetch: application.fetch, port, hostname: host }, () =>
      resolve(listening),
    ) as Server
    listening.once('error', reject)
  })
  opened.defer(async () => {
    stopping.abort(new Error('The server ends.'))
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const running = opened.move()
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    answering:
      description.kind === 'embedded'
        ? `Answers come from the embedded model ${description.model}.`
        : `Answers come from ${description.model} at ${description.baseUrl}.`,
    report,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
