import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../src/server/main.ts', import.meta.url))

/** The demo as `pnpm demo:web` starts it, on a free port, with a folder of its own. */
export interface DemoServer extends AsyncDisposable {
  readonly url: string
  /** Everything it printed. */
  output(): string
  /** Ends it, keeping the folder. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>
}

export async function startDemo(environment: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mop-demo-'))
  let printed = ''
  let child: ChildProcess | undefined
  const launch = async (port: string): Promise<string> => {
    const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, OPENAI_MODEL: _model, ...own } = process.env
    const started = spawn(process.execPath, [program], {
      env: { ...own, PORT: port, MOP_DEMO_FOLDER: folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += chunk.toString()
        const [url] =
          /http:\/\/127\.0\.0\.1:\d+/.exec(printed.slice(printed.lastIndexOf('Mixture of Personas'))) ?? []
        if (url !== undefined) resolve(url)
      }
      started.stdout.on('data', read)
      started.stderr.on('data', read)
      started.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${printed}`)))
    })
  }
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    const running = child
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await ended
  }
  const url = await launch('0')
  return {
    url,
    output: () => printed,
    stop,
    async restart() {
      await stop()
      printed = ''
      await launch(new URL(url).port)
    },
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
