import { MopError } from './mop-error.ts'

/** A likelihood table, or a saved one, holds or was given what does not belong in it. */
export class LikelihoodTableError extends MopError {
  readonly field: string
  readonly file: string | undefined
  readonly line: number | undefined

  constructor(options: {
    field: string
    message: string
    remedy: string
    file?: string
    line?: number
    cause?: unknown
  }) {
    super({ code: 'likelihood-table', ...options })
    this.field = options.field
    this.file = options.file
    this.line = options.line
  }
}
