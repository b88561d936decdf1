import { MopError } from './mop-error.ts'

/** A function was called with a value outside its domain. */
export class InvalidArgumentError extends MopError {
  readonly argument: string
  readonly expected: string
  readonly found: string

  constructor(options: {
    argument: string
    expected: string
    found: unknown
    remedy?: string
    cause?: unknown
  }) {
    const found = String(options.found)
    super({
      code: 'invalid-argument',
      message: `\`${options.argument}\` must be ${options.expected}; found ${found}.`,
      ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
      cause: options.cause,
    })
    this.argument = options.argument
    this.expected = options.expected
    this.found = found
  }
}
