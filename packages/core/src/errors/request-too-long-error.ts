import { MopError } from './mop-error.ts'

/** A request to a scorer or generator with more tokens than its model takes at once. Nothing is ever cut silently. */
export class RequestTooLongError extends MopError {
  /** Position of the request in the call, from 0. */
  readonly requestIndex: number
  /** Tokens of prompt and answer together. */
  readonly tokens: number
  /** The most that the model takes. */
  readonly limit: number

  constructor(options: { requestIndex: number; tokens: number; limit: number; remedy?: string }) {
    const { requestIndex, tokens, limit, remedy = 'Shorten the persona, the exemplar or the text.' } = options
    super({
      code: 'request-too-long',
      message: `Request ${requestIndex} has ${tokens} tokens; the model takes ${limit} at once.`,
      remedy,
    })
    this.requestIndex = requestIndex
    this.tokens = tokens
    this.limit = limit
  }

  /** Works across duplicated copies of the package, as `MopError.isInstance` does. */
  static override isInstance(error: unknown): error is RequestTooLongError {
    return MopError.isInstance(error) && error.code === 'request-too-long'
  }
}
