import { MopError } from './mop-error.ts'

/** No candidate gives a record any probability: its likelihood is zero whatever the gate. */
export class UnexplainedRecordError extends MopError {
  /** Id of the record, or its row index where no ids were given. */
  readonly record: string
  readonly candidates: number

  constructor(options: { record: string; candidates: number }) {
    super({
      code: 'unexplained-record',
      message: `Record ${options.record} has log-likelihood -Infinity under all of its ${options.candidates} candidates.`,
      remedy:
        'Score it under more components (`pairsPerRound`), give higher `temperatures`, or leave the record out.',
    })
    this.record = options.record
    this.candidates = options.candidates
  }
}
