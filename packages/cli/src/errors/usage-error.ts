import { MopError } from '@mop/core'

/** The command was called with something it cannot take: the process ends with code 2. */
export class UsageError extends MopError {
  constructor(options: { message: string; remedy: string; cause?: unknown }) {
    super({ code: 'usage', ...options })
  }
}
