import type { BoundMixture } from '@mop/core'

/** One question to one member of the population. */
export interface AdapterCall {
  /** A fitted mixture with its encoder: `bindEncoder(mixture, encoder)`. */
  readonly mixture: BoundMixture
  /** A service that speaks OpenAI's protocol. */
  readonly baseURL: string
  readonly apiKey: string
  readonly model: string
  readonly question: string
  /** The same seed and question give the same persona, and of a model that can promise it the same answer. */
  readonly seed: number
  /** A member of this group only. */
  readonly given?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}
