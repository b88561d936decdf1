import { MopError } from './mop-error.ts'

/** A persona could not be read or written. */
export class PersonaError extends MopError {
  /** Clusters whose description failed; empty for given personas. */
  readonly clusters: readonly number[]
  /** What the generator replied for the first of them. */
  readonly reply: string | undefined

  constructor(options: {
    code: 'persona-invalid' | 'persona-generation'
    message: string
    remedy?: string
    clusters?: readonly number[]
    reply?: string
    cause?: unknown
  }) {
    super(options)
    this.clusters = options.clusters ?? []
    this.reply = options.reply
  }
}
