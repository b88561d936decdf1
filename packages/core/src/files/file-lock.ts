import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { FileLockedError } from '../errors/file-locked-error.ts'

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  host: v.string(),
  since: v.string(),
  /** Tells the process from a later one with its number, where the system says; else null. */
  process: v.nullable(v.string()),
})
type Holder = v.InferOutput<typeof holderSchema>

/**
 * Claims a file for this process until it is disposed or the process ends, by a file `<path>.lock` beside it that names the
 * process. A lock whose process is gone (killed, or of before a restart of the machine) is taken over; of a process on another
 * machine that cannot be told, and its lock has to be deleted by hand. The folder must exist.
 * @throws FileLockedError where a process holds it, this one included.
 */
export function lockFile(path: string): Disposable {
  const lock = `${resolved(path)}.lock`
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    process: identityOf(process.pid) ?? null,
  }
  const content = `${JSON.stringify(own)}\n`
  while (!claim(lock, content)) {
    const found = contentOf(lock)
    if (found === undefined) continue
    const holder = holderOf(found)
    if (holder === undefined || !isGone(holder)) throw new FileLockedError({ file: path, lock, holder })
    removeStale(lock, found)
  }
  const release = (): void => {
    process.off('exit', release)
    if (contentOf(lock) === content) rmSync(lock, { force: true })
  }
  process.on('exit', release)
  return { [Symbol.dispose]: release }
}

/** A file has one lock, whichever links lead to it. */
function resolved(path: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
    return join(realpathSync(dirname(path)), basename(path))
  }
}

/** @returns whether the lock was free and is ours now. */
function claim(lock: string, content: string): boolean {
  try {
    writeFileSync(lock, content, { flag: 'wx' })
    return true
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false
    throw cause
  }
}

function contentOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

function holderOf(content: string): Holder | undefined {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(content))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}

function isGone(holder: Holder): boolean {
  if (holder.host !== hostname()) return false
  try {
    process.kill(holder.pid, 0)
  } catch (cause) {
    // EPERM: it is there and somebody else's.
    return codeOf(cause) === 'ESRCH'
  }
  const identity = identityOf(holder.pid)
  return holder.process !== null && identity !== undefined && identity !== holder.process
}

/** Linux: the start of the machine and, in ticks after it, of the process (field 22 of proc_pid_stat(5)). Elsewhere undefined. */
function identityOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${boot} ${afterName[22 - 3]}`
  } catch {
    return undefined
  }
}

/** Moved away before it is deleted: of two processes that find it stale, one might else delete the lock of the other. */
function removeStale(lock: string, stale: string): void {
  const away = `${lock}.${process.pid}`
  try {
    renameSync(lock, away)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return
    throw cause
  }
  try {
    if (contentOf(away) !== stale) linkSync(away, lock)
  } finally {
    rmSync(away, { force: true })
  }
}

function codeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
}
