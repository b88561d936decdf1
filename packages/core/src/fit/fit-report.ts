import type { Usage } from '../ports/usage.ts'

/** Mean held-out log-likelihood of one way to answer, in nats. */
export interface HeldOutFigure {
  /** Per record: Σ_i w_i log p(y_i | x_i) / Σ_i w_i. */
  readonly perRecord: number
  /** The same divided by the mean number of tokens of a response, the end of the answer included. */
  readonly perToken: number
  /** Standard error of `perRecord` over records. */
  readonly standardError: number
  /** Standard error of `perRecord` from the components drawn (jackknife over replicates); 0 where all were scored. */
  readonly monteCarloError: number
  /**
   * How far `perRecord` is estimated to lie below its value with every component scored, since the logarithm of an unbiased
   * estimate is biased downwards (jackknife; ≤ 0 but for noise). Not corrected for: each figure is on the safe side, but the gain
   * over another drawn figure whose bias is larger is not (a warning then says so).
   */
  readonly monteCarloBias: number
  /** Sampling temperature: the best single one on the fit's records; for the mixture the mean of log τ_k. */
  readonly temperature: number
}

/** How much better the mixture explains a held-out record than another way does: mean of the paired differences. */
export interface HeldOutGain {
  readonly mean: number
  /** 95% interval by the bootstrap over respondents (records where none is named). */
  readonly interval: readonly [number, number]
}

export type FitPhase = 'encode' | 'score' | 'learn' | 'evaluate'

/** What happened in a fit. JSON throughout. */
export interface FitReport {
  readonly records: { readonly train: number; readonly validation: number; readonly heldOut: number }
  readonly personas: number
  readonly exemplars: number
  readonly heldOut: {
    /** The language model asked without persona or exemplar. */
    readonly bare: HeldOutFigure
    /** Every persona and exemplar with equal weight. */
    readonly uniform: HeldOutFigure
    /** The best weights that do not depend on the input. */
    readonly constant: HeldOutFigure
    /** The fitted mixture. */
    readonly mixture: HeldOutFigure
    readonly gainOver: {
      readonly bare: HeldOutGain
      readonly uniform: HeldOutGain
      readonly constant: HeldOutGain
    }
    /** Components scored for each held-out record, all replicates together. */
    readonly componentsPerRecord: number
  }
  readonly constant: {
    /** Mean training log-likelihood of the constant persona weights. */
    readonly objective: number
    /** Upper bound of how far that is below its optimum (dual gap). */
    readonly gap: number
    readonly iterations: number
    /** Whether constant exemplar weights helped on the validation part, or exemplars stayed uniform there. */
    readonly exemplarWeights: 'learned' | 'uniform'
  }
  readonly gate: {
    /** `constant` where no input-dependent gate was better on the validation part. */
    readonly chosen: 'constant' | 'contextual'
    readonly rank: number
    /** λ of the chosen gate; 0 where it was found by batches (see `fitGate`). */
    readonly regularisation: number
    /** Mean validation log-likelihood along the path from strong to weak, or at each look at a search by batches. */
    readonly path: readonly { readonly regularisation: number; readonly validation: number }[]
  }
  readonly temperatures: readonly number[]
  /** Mean responsibility of each persona over the training records; sums to 1. */
  readonly personaSizes: readonly number[]
  /** exp of the entropy of `personaSizes`. */
  readonly effectivePersonas: number
  /** Cost of this run; likelihoods that the table already held are not in it. */
  readonly usage: Usage
  /** Likelihoods in the table at the end, and how many of them this run found there. */
  readonly likelihoods: { readonly total: number; readonly found: number }
  readonly seconds: Readonly<Record<FitPhase, number>>
  readonly warnings: readonly string[]
}
