import { MopError } from './mop-error.ts'

/** Who writes a file. */
export interface LockHolder {
  readonly pid: number
  /** Name of its machine. */
  readonly host: string
  /** When it took the lock, ISO 8601. */
  readonly since: string
}

/** Another process writes the file: two that append to one file would mix their lines. */
export class FileLockedError extends MopError {
  readonly file: string
  /** The file that is the lock. */
  readonly lock: string
  /** Undefined where the lock does not say. */
  readonly holder: LockHolder | undefined

  constructor(options: { file: string; lock: string; holder: LockHolder | undefined }) {
    const { file, lock, holder } = options
    const who =
      holder === undefined
        ? 'another process'
        : `process ${holder.pid} on ${holder.host} since ${holder.since}`
    super({
      code: 'file-locked',
      message: `${file} is being written by ${who}.`,
      remedy: `Wait until it has ended, stop it, or give another file. If it is no longer there, delete ${lock}.`,
    })
    this.file = file
    this.lock = lock
    this.holder = holder
  }
}
