import type { LikelihoodTable } from '../likelihood/likelihood-table.ts'
import type { Encoder } from '../ports/encoder.ts'
import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import type { PromptTemplate } from '../prompt/prompt-template.ts'
import type { FitPhase } from './fit-report.ts'

export interface FitProgress {
  readonly phase: FitPhase
  /** 1-based number of the scoring round, in the phases `score` and `learn`. */
  readonly round?: number
  readonly done: number
  readonly total: number
}

export interface FitOptions {
  readonly encoder: Encoder
  readonly scorer: LikelihoodScorer
  readonly seed: number | string
  /** Default `chatTemplate`. */
  readonly template?: PromptTemplate | undefined
  /** Ascending grid on which likelihoods are computed; τ_k is learned between its ends. Default [0.7, 1, 1.4, 2]. */
  readonly temperatures?: readonly number[] | undefined
  /** Rounds of candidates, the anchors' round included; each refits on all scores so far. Default 3. */
  readonly rounds?: number | undefined
  /** Components drawn for each item in each round after the anchors. Default 6. */
  readonly pairsPerRound?: number | undefined
  /** Components from which a round draws (see `designRound`). Default 512. */
  readonly workingSetSize?: number | undefined
  /** Components drawn for each held-out item besides the anchors, in 4 replicates. Default max(8, 2 · pairsPerRound). */
  readonly heldOutPairs?: number | undefined
  /** At most so many new likelihoods are computed; rounds and held-out draws shrink to fit. Default no limit. */
  readonly budget?: { readonly calls: number } | undefined
  /** d, the rank of the projections. Default: see `fitGate`. */
  readonly rank?: number | undefined
  /** λ from strong to weak. Default: see `fitGate`, which for many inputs has none. */
  readonly regularisation?: readonly number[] | undefined
  /** Of the path of λ; with either, the gate is fitted along it however many inputs there are. */
  readonly restarts?: number | undefined
  /** The table to fill, which may hold likelihoods of earlier runs (see `openLikelihoodFile` in `@mop/core/node`). Default a new one in memory. */
  readonly table?: LikelihoodTable | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: FitProgress) => void) | undefined
}

export const defaultTemperatures: readonly number[] = [0.7, 1, 1.4, 2]
