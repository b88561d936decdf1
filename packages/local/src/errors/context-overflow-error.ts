import { MopError } from '@mop/core'

/** A request with more tokens than the context of the engine holds. Nothing is ever cut silently. */
export class ContextOverflowError extends MopError {
  /** Tokens of prompt and continuation together. */
  readonly tokens: number
  readonly contextSize: number
  /** Position of the request in the call, from 0. */
  readonly index: number

  constructor(options: { tokens: number; contextSize: number; index: number }) {
    super({
      code: 'local.context-overflow',
      message: `Request ${options.index} has ${options.tokens} tokens; the context of the local model holds ${options.contextSize}.`,
      remedy: 'Shorten the persona, the exemplar or the text, or load the model with a larger contextSize.',
    })
    this.tokens = options.tokens
    this.contextSize = options.contextSize
    this.index = options.index
  }
}
