import { MopError } from './mop-error.ts'

/** An embedding model gave a text no vector that can be made a unit vector of the encoder's length. */
export class EmbeddingError extends MopError {
  /** The encoder's id. */
  readonly encoder: string
  /** Length that a vector must have. */
  readonly dimension: number
  /** What came instead. Never holds any of the text. */
  readonly found: string

  constructor(options: { encoder: string; dimension: number; found: string }) {
    const { encoder, dimension, found } = options
    super({
      code: 'embedding',
      message: `${encoder} must give each text a vector of ${dimension} numbers that are not all 0; found ${found}.`,
      remedy: 'Use one embedding model, at one number of dimensions.',
    })
    this.encoder = encoder
    this.dimension = dimension
    this.found = found
  }
}
