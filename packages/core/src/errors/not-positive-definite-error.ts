import { MopError } from './mop-error.ts'

/** A matrix that had to be positive definite is not, to working precision. */
export class NotPositiveDefiniteError extends MopError {
  /** Row of the first pivot that is not positive. */
  readonly row: number
  readonly pivot: number

  constructor(options: { row: number; pivot: number }) {
    super({
      code: 'not-positive-definite',
      message: `The matrix is not positive definite: pivot ${options.pivot} in row ${options.row}.`,
      remedy: 'Add a positive ridge to its diagonal.',
    })
    this.row = options.row
    this.pivot = options.pivot
  }
}
