import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileLockedError } from '../errors/file-locked-error.ts'
import { lockFile } from './file-lock.ts'

let folder: string
let path: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mop-lock-')))
  path = join(folder, 'table.jsonl')
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  rmSync(folder, { recursive: true })
})

/** Another process that locks the file, says so, and does what is left. */
async function otherProcess(rest: string): Promise<ChildProcess> {
  const module = new URL('./file-lock.ts', import.meta.url).href
  const script = `import { lockFile } from ${JSON.stringify(module)}
    const lock = lockFile(${JSON.stringify(path)})
    console.log('held')
    ${rest}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout as NodeJS.ReadableStream, 'data')
  return child
}

const wait = 'setInterval(() => {}, 1000)'

function refusal(): FileLockedError {
  try {
    lockFile(path)[Symbol.dispose]()
  } catch (error) {
    if (error instanceof FileLockedError) return error
    throw error
  }
  throw new Error('the lock was given')
}

describe('a lock', () => {
  test('held by a living process is refused, naming the file, the process and what to do', async () => {
    const child = await otherProcess(wait)
    const error = refusal()
    expect(error).toMatchObject({ code: 'file-locked', file: path, lock: `${path}.lock` })
    expect(error.holder).toMatchObject({ pid: child.pid, host: hostname() })
    expect(error.message).toContain(
      `${path} is being written by process ${child.pid} on ${hostname()} since 2`,
    )
    expect(error.message).toContain(`delete ${path}.lock`)
  })

  test('of a process that was killed is taken over', async () => {
    const child = await otherProcess(wait)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(existsSync(`${path}.lock`)).toBe(true)
    {
      using _lock = lockFile(path)
      expect(readFileSync(`${path}.lock`, 'utf8')).toContain(`"pid":${process.pid},`)
      expect(readdirSync(folder)).toEqual(['table.jsonl.lock'])
    }
    expect(readdirSync(folder)).toEqual([])
  })

  test.each(['process.exit(3)', 'throw new Error("fell over")', 'lock[Symbol.dispose]()', ''])(
    'is given back at the end of a process: %s',
    async (rest) => {
      const quiet = rest.startsWith('throw') ? 'process.on("uncaughtException", () => process.exit(1));' : ''
      const child = await otherProcess(quiet + rest)
      if (child.exitCode === null) await once(child, 'exit')
      expect(readdirSync(folder)).toEqual([])
    },
  )

  test('of a process whose number another one has now is taken over', () => {
    const holder = { pid: process.ppid, host: hostname(), since: '2026-01-01T00:00:00.000Z' }
    const write = (identity: string | null): void =>
      writeFileSync(`${path}.lock`, JSON.stringify({ ...holder, process: identity }))
    // Without an identity nothing tells the two processes apart.
    write(null)
    expect(refusal().holder).toMatchObject(holder)
    if (process.platform !== 'linux') return
    write('another start of the machine 1234')
    lockFile(path)[Symbol.dispose]()
    expect(readdirSync(folder)).toEqual([])
  })

  test('of another machine, or one that cannot be read, is refused', () => {
    writeFileSync(
      `${path}.lock`,
      JSON.stringify({ pid: 2 ** 22, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z', process: null }),
    )
    expect(refusal().message).toContain(`by process ${2 ** 22} on elsewhere since 2026-01-01`)
    writeFileSync(`${path}.lock`, '')
    expect(refusal().message).toContain('by another process. Wait')
  })

  test('is one for a file and the links to it', () => {
    writeFileSync(path, '')
    symlinkSync(path, join(folder, 'link.jsonl'))
    using _lock = lockFile(join(folder, 'link.jsonl'))
    expect(refusal().lock).toBe(`${path}.lock`)
  })

  test('that somebody else has by now is left alone', () => {
    const lock = lockFile(path)
    writeFileSync(`${path}.lock`, 'taken over by hand')
    lock[Symbol.dispose]()
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe('taken over by hand')
  })
})
