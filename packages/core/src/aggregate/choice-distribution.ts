/** The answer of a population to a closed question: one entry per choice, in the order of the choices. */
export interface ChoiceDistribution {
  readonly choices: readonly string[]
  /** Sums to one. */
  readonly probabilities: Float64Array
  /** NaN where one draw alone says nothing of its spread. */
  readonly standardErrors: Float64Array
  /** Wilson score intervals, each for its choice alone. */
  readonly intervals: readonly ConfidenceInterval[]
}

export interface ConfidenceInterval {
  readonly lower: number
  readonly upper: number
}
