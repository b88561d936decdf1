import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FitState, Problem } from '../api-contract.ts'
import { limits } from './limits.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))
const started: ChildProcess[] = []
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mop-demo-'))
})
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  readonly printed: () => string
  readonly ended: Promise<number | NodeJS.Signals | null>
}

function start(variables: Record<string, string>): Started {
  const names = ['PATH', 'HOME', 'TMPDIR'].filter((name) => process.env[name] !== undefined)
  const own = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']))
  const child = spawn(process.execPath, [program], {
    env: { ...own, PORT: '0', MOP_DEMO_FOLDER: folder, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  )
  return { child, ended, printed: () => printed }
}

async function urlOf({ printed, child }: Started): Promise<string> {
  for (;;) {
    const url = /^Mixture of Personas: (\S+)\nAnswers/m.exec(printed())?.[1]
    if (url !== undefined) return url
    if (child.exitCode !== null) throw new Error(printed())
    await setTimeout(50)
  }
}

describe('the program', () => {
  it('says where it listens and which model answers, serves, and ends with its fit on a signal', async () => {
    const server = start({})
    const url = await urlOf(server)
    expect(server.printed()).toMatch(
      /^Mixture of Personas: http:\/\/127\.0\.0\.1:\d+\nAnswers come from the embedded model \S+\.\n$/,
    )
    const large = await fetch(`${url}/api/populations?name=a.csv`, {
      method: 'POST',
      body: new Uint8Array(limits.uploadBytes + 1),
    })
    expect(large.status).toBe(413)
    expect(((await large.json()) as Problem).message).toBe('That is larger than 8 MiB.')
    const ask = (n: number, signal?: AbortSignal): Promise<Response> =>
      fetch(`${url}/api/populations/society/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ input: 'Review a film.', n, seed: 1 }),
        ...(signal !== undefined && { signal }),
      })
    const leaving = new AbortController()
    const reader = (await ask(limits.answers, leaving.signal)).body?.getReader()
    await reader?.read()
    leaving.abort()
    expect((await (await ask(1)).text()).trim().split('\n').at(-1)).toContain('"done"')
    const request = { personas: 'given', exemplars: 24, rounds: 3, pairs: 8, records: 1200, seed: 1 }
    const fit = await fetch(`${url}/api/populations/society/fit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    expect(fit.status).toBe(202)
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    const state = JSON.parse(await readFile(join(folder, 'society/fit.json'), 'utf8')) as FitState
    expect(state).toMatchObject({ status: 'cancelled', request })
    expect(server.printed().split('\n')).toHaveLength(3)
  })

  it('says which remote model answers, and where, without the key', async () => {
    const server = start({
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1?token=hidden',
      OPENAI_API_KEY: 'sk-hidden',
      OPENAI_MODEL: 'small',
    })
    const url = await urlOf(server)
    expect(server.printed()).toContain('Answers come from small at http://127.0.0.1:9/v1.')
    expect(await (await fetch(`${url}/api/status`)).text()).not.toContain('hidden')
    expect(server.printed()).not.toContain('hidden')
    server.child.kill('SIGINT')
    expect(await server.ended).toBe(0)
  })

  it('refuses wrong settings with one line', async () => {
    const server = start({ OPENAI_API_KEY: 'sk-hidden' })
    expect(await server.ended).toBe(2)
    expect(server.printed()).toMatch(/^OPENAI_MODEL must name the model[^\n]*\n$/)
  })

  it('says that its folder is none', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const server = start({ MOP_DEMO_FOLDER: file })
    expect(await server.ended).toBe(2)
    expect(server.printed()).toMatch(/^EEXIST[^\n]*Give another MOP_DEMO_FOLDER\.\n$/)
  })

  it('says that its port is taken', async () => {
    const first = start({})
    const { port } = new URL(await urlOf(first))
    const second = start({ PORT: port })
    expect(await second.ended).toBe(2)
    expect(second.printed()).toMatch(/^listen EADDRINUSE[^\n]*Give another PORT or HOST\.\n$/)
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
  })
})
