import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Measured {
  /** Wall time of the work alone. */
  readonly seconds: number
  /** Processor time of the work, all threads: other work on the machine changes it less. */
  readonly processor: number
  /** Of the whole process, its language and libraries included. */
  readonly peakMb: number
  readonly value: number
  readonly note?: string | undefined
  readonly libraries?: readonly string[] | undefined
  readonly vector?: Float64Array | undefined
}

export interface Command {
  readonly program: string
  readonly parts: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Runs TASK FOLDER OUTPUT in a process of its own; what it measured, or in words why it could not. */
export function runSide({ program, parts, environment }: Command, folder: string): Measured | string {
  const output = join(folder, 'vector.f64')
  rmSync(output, { force: true })
  const result = spawnSync(program, [...parts, folder, output], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  if (result.error !== undefined) return cannotStart(program, result.error)
  if (result.signal !== null) return `ended by ${result.signal}`
  if (result.status !== 0) return lastLine(result.stderr)
  const measured = parseMeasured(result.stdout)
  if (typeof measured === 'string' || !existsSync(output)) return measured
  return { ...measured, vector: new Float64Array(new Uint8Array(readFileSync(output)).buffer) }
}

const remedies: Readonly<Record<string, string>> = {
  Rscript:
    'install R and its package mixsqp (on Debian r-base-core r-cran-mixsqp), or name it with --rscript',
}

function cannotStart(program: string, error: Error): string {
  const missing = 'code' in error && error.code === 'ENOENT'
  if (!missing) return error.message
  return `${program} is not there: ${remedies[basename(program)] ?? 'name another with --python or --rscript'}`
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'failed without a word'
}

/** The JSON of a side's last line, or what is wrong with it. */
export function parseMeasured(output: string): Measured | string {
  const line = lastLine(output)
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    return `printed no JSON: ${line.slice(0, 200)}`
  }
  const numbers = ['seconds', 'processor', 'peakMb', 'value'] as const
  for (const name of numbers) {
    const value = (found as Record<string, unknown> | null)?.[name]
    if (typeof value !== 'number' || !Number.isFinite(value)) return `printed no number for ${name}`
  }
  const { seconds, processor, peakMb, value, note, libraries } = found as Measured
  return { seconds, processor, peakMb, value, note: note ?? undefined, libraries: libraries ?? undefined }
}
