import { MopError } from './mop-error.ts'

/** An implementation of a port breaks a law that every implementation must keep. */
export class ContractViolationError extends MopError {
  /** What was to hold. */
  readonly law: string
  /** What was found instead. */
  readonly found: string

  constructor(options: { law: string; found: string; cause?: unknown }) {
    super({
      code: 'contract-violation',
      message: `${options.law}; found ${options.found}.`,
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    })
    this.law = options.law
    this.found = options.found
  }
}
