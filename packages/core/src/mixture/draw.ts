/** One (persona, exemplar) component by index; exemplar −1 where the mixture has no exemplars. */
export interface ComponentIndex {
  readonly persona: number
  readonly exemplar: number
}

export interface WeightedComponent extends ComponentIndex {
  /** π_k(x) Ω_kj(x). */
  readonly weight: number
}

/** What to put in one prompt: a selection, not a text. */
export interface Draw {
  /** L components, in the order in which they stand in the prompt. */
  readonly pairs: readonly WeightedComponent[]
  /** τ: that of the drawn persona; for L > 1 the geometric mean of theirs. */
  readonly temperature: number
  /** Probability of this draw given the input: the product of the components' weights. */
  readonly probability: number
}
