import { UsageError } from './usage-error.ts'

/** The configuration file cannot be used. */
export class ConfigError extends UsageError {
  readonly file: string
  /** Dotted path of the field that is wrong, e.g. `fit.rounds`. */
  readonly field: string | undefined

  constructor(options: { file: string; field?: string; problem: string; remedy: string; cause?: unknown }) {
    const place = options.field === undefined ? options.file : `${options.file}, field "${options.field}"`
    super({ message: `${place}: ${options.problem}`, remedy: options.remedy, cause: options.cause })
    this.file = options.file
    this.field = options.field
  }
}
