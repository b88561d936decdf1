import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface MopProcess {
  readonly ended: Promise<Ended>
  kill(signal: NodeJS.Signals): void
  /** Closes the reading end of its standard output. */
  closeStdout(): void
  /** Standard output so far. */
  stdout(): string
}

export interface MopOptions {
  /** Working directory. */
  readonly folder: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts the built command with pipes for its streams. */
export function startMop(words: readonly string[], { folder, environment = {} }: MopOptions): MopProcess {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, MOP_DEBUG: _debug, ...inherited } = process.env
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: folder,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  child.on('error', reject)
  child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  return {
    ended: promise,
    kill: (signal) => child.kill(signal),
    closeStdout: () => child.stdout.destroy(),
    stdout: () => stdout,
  }
}

export function mop(words: readonly string[], options: MopOptions): Promise<Ended> {
  return startMop(words, options).ended
}

/** Whole lines of a file; none where it does not exist yet. */
export function wholeLines(path: string): readonly string[] {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
}

/** Waits until a file has so many whole lines, or the process has ended. @returns how many there are. */
export async function untilLines(path: string, count: number, process: MopProcess): Promise<number> {
  let ended = false
  void process.ended.then(() => (ended = true))
  while (!ended && wholeLines(path).length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  return wholeLines(path).length
}
