import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { parseDocument } from '../src/document.ts'
import { readManifest } from '../src/package-manifest.ts'
import { repositoryFiles, root } from '../src/repository.ts'

const folder = 'apps/examples'

/** The programs of `apps/examples`, as paths in the repository. */
export function examplePrograms(): readonly string[] {
  return repositoryFiles().filter((path) => path.startsWith(`${folder}/src/`))
}

/** What they need besides our packages. */
export function exampleDependencies(): Readonly<Record<string, string>> {
  const { dependencies = {} } = readManifest(`${folder}/package.json`)
  return Object.fromEntries(Object.entries(dependencies).filter(([name]) => !name.startsWith('@mop/')))
}

/** The words of a command of the examples' README after `npx mop`. */
export function readmeCommand(name: string): readonly string[] {
  const commands = parseDocument(`${folder}/README.md`).blocks.map(({ code }) =>
    code.replaceAll(/\\\n/g, ' '),
  )
  const found = commands.find((code) => code.startsWith(`npx mop ${name}`))
  if (found === undefined) throw new Error(`${folder}/README.md runs no mop ${name}`)
  return found.split(/\s+/).slice(2)
}

export interface ServedModel extends AsyncDisposable {
  readonly url: string
}

/** `mop serve` as a process of its own, on a free port. */
export async function serve(bin: string, project: string): Promise<ServedModel> {
  const child = spawn(process.execPath, [bin, ...readmeCommand('serve'), '--port', '0', '--json'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  return {
    url: await urlOf(child),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function urlOf({ stdout, stderr }: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  let printed = ''
  let said = ''
  stderr.on('data', (piece) => (said += String(piece)))
  for await (const piece of stdout) {
    printed += String(piece)
    if (printed.trimEnd().endsWith('}')) return JSON.parse(printed).url
  }
  throw new Error(`mop serve ended: ${said}`)
}

/** Forbids every connection but those to this machine. */
const offline = `
import { Socket } from 'node:net'
const { connect } = Socket.prototype
Socket.prototype.connect = function (...request) {
  const [{ host }] = request.flat()
  if (host !== '127.0.0.1') throw new Error('no connection to ' + host + ' here')
  return connect.apply(this, request)
}
`

export interface Program {
  readonly project: string
  /** A path in the repository. */
  readonly file: string
  readonly url: string
}

/** Runs a program in the project, offline. @returns what it prints. @throws where it fails, with what it says. */
export async function runOffline({ project, file, url }: Program): Promise<string> {
  writeFileSync(join(project, 'offline.js'), offline)
  copyFileSync(join(root, file), join(project, basename(file)))
  const words = ['--import', './offline.js', basename(file)]
  const env = { ...process.env, MOP_URL: url }
  return (await promisify(execFile)(process.execPath, words, { cwd: project, env })).stdout
}
