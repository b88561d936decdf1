import { MopError } from '@mop/core'

/** A file of the command line cannot be read, written or continued. */
export class FileError extends MopError {
  readonly path: string

  constructor(options: { path: string; problem: string; remedy: string; cause?: unknown }) {
    super({
      code: 'file',
      message: `${options.path}: ${options.problem}`,
      remedy: options.remedy,
      cause: options.cause,
    })
    this.path = options.path
  }
}

/** The operating system's reason in words. */
export function reasonOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'you have no right to it'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'ENOSPC') return 'the disk is full'
  return cause instanceof Error ? cause.message : String(cause)
}
