import { MopError } from '@mop/core'

/** A saved encoder state that is damaged, foreign or of another version. */
export class EncoderStateError extends MopError {
  constructor(problem: string) {
    super({
      code: 'local.encoder-state',
      message: `The encoder state ${problem}.`,
      remedy: 'Load the state that was saved from `encoder.state`, or fit a new encoder.',
    })
  }
}
