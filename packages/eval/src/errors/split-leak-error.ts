import { MopError } from '@mop/core'

/** A test record that the population model has seen, and how. */
export interface SplitLeak {
  /** Id of the test record. */
  readonly record: string
  /**
   * Where it was seen: among the mixture's exemplars, the records that personas were written from, the training records, or (`fitted`) those
   * of which the mixture holds digests.
   */
  readonly among: 'exemplars' | 'personas' | 'training' | 'fitted'
  /** The arm whose own mixture it is; absent for the evaluation's. */
  readonly arm?: string | undefined
  /** What is the same. */
  readonly same: 'id' | 'respondent' | 'text'
  /** Id of the exemplar, persona or training record; a digest does not tell it. */
  readonly as?: string | undefined
}

const shown = 5

/** Test records stand among what the mixture was made from: figures on them would say nothing about other people. */
export class SplitLeakError extends MopError {
  readonly leaks: readonly SplitLeak[]

  constructor(leaks: readonly SplitLeak[]) {
    const records = new Set(leaks.map(({ record }) => record)).size
    const examples = leaks
      .slice(0, shown)
      .map(
        ({ record, among, same, as, arm }) =>
          `${record} (${as === undefined ? `its ${same}` : `${same} of ${as}`} among ${where[among]}${arm === undefined ? '' : ` of the arm ${arm}`})`,
      )
    super({
      code: 'split-leak',
      message: `\`records\` hold what the mixture was made from: ${records} of them; ${examples.join(', ')}${leaks.length > shown ? ', …' : ''}.`,
      remedy: 'Take records that were held out of the fit, or leave these out with `dropSeen`.',
    })
    this.leaks = leaks
  }

  /** Works across duplicated copies of the package, as `MopError.isInstance` does. */
  static override isInstance(error: unknown): error is SplitLeakError {
    return MopError.isInstance(error) && error.code === 'split-leak'
  }
}

const where = {
  exemplars: 'the exemplars',
  personas: 'the records of the personas',
  training: 'the training records',
  fitted: 'the records it was fitted on',
}
