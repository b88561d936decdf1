import { MopError } from './mop-error.ts'

/** The encoder at hand is not the one that the gate was learned with; its vectors would mean nothing to it. */
export class EncoderMismatchError extends MopError {
  readonly expected: string
  readonly found: string

  constructor(options: { expected: string; found: string }) {
    super({
      code: 'encoder-mismatch',
      message: `This mixture was fitted with the encoder ${options.expected}; found ${options.found}.`,
      remedy: 'Give the `encoder` it was fitted with, or fit again with yours.',
    })
    this.expected = options.expected
    this.found = options.found
  }
}
