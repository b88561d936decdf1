import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { createApplication } from '../application.ts'
import type { AnsweringEngine } from '../engine/answering-engine.ts'
import { FitKeeper } from '../fits/fit-keeper.ts'
import { PopulationStore } from '../populations/population-store.ts'

export interface TestDemo extends AsyncDisposable {
  readonly application: Hono
  readonly folder: string
  readonly populations: PopulationStore
  /** What went to the log. */
  readonly logged: unknown[]
  readonly stop: AbortController
  get(path: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  upload(name: string, content: string | Uint8Array): Promise<Response>
}

interface TestDemoOptions {
  readonly engine: AnsweringEngine
  /** One that stays, as after a restart. Default: a new one that is removed at the end. */
  readonly folder?: string
  readonly page?: string
  readonly host?: string
}

/** The application over a folder, asked without a network. */
export async function openTestDemo(options: TestDemoOptions): Promise<TestDemo> {
  const { engine, host = '127.0.0.1' } = options
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'mop-demo-')))
  const logged: unknown[] = []
  const populations = await PopulationStore.open(folder, (message) => logged.push(message))
  const fits = await FitKeeper.open(populations.list(), engine.scorer.id, (error) => logged.push(error))
  const stop = new AbortController()
  const application = createApplication({
    engine,
    populations,
    fits,
    host,
    stopping: stop.signal,
    page: options.page ?? join(folder, 'page'),
    log: (error) => logged.push(error),
  })
  const own = { host: `${host}:4747` }
  return {
    application,
    folder,
    populations,
    logged,
    stop,
    get: async (path, headers) => application.request(path, { headers: { ...own, ...headers } }),
    post: async (path, body, headers) =>
      application.request(path, {
        method: 'POST',
        headers: { ...own, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    upload: async (name, content) =>
      application.request(`/api/populations?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: own,
        body: typeof content === 'string' ? content : new Uint8Array(content),
      }),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await fits[Symbol.asyncDispose]()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The events of a stream of lines. */
export async function eventsOf<Event>(response: Response): Promise<Event[]> {
  const text = await response.text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event)
}
