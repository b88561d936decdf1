import type { FieldMap, Format } from '../config/config-schema.ts'

/** Options of `mop evaluate` as they stand on the command line. */
export interface EvaluateFlags {
  readonly records: string
  readonly format?: Format
  readonly map?: FieldMap
  readonly delimiter?: string
  readonly output?: string
  readonly arms?: readonly string[]
  readonly responses?: number
  readonly training?: string
  readonly groups?: readonly string[]
  readonly closed?: 'weighed' | 'counted'
  /** Held-out free responses whose log-likelihood is taken; 0 for none. */
  readonly heldOut?: number
  /** `input`, or one of the groups. */
  readonly classes?: string
  readonly dropSeen?: boolean
  readonly poolQuestions?: boolean
  readonly temperature?: number
  readonly maxTokens?: number
  readonly concurrency?: number
  readonly resamples?: number
  /** False where the page is to hold no responses, and no texts of personas. */
  readonly samples?: boolean
  readonly seed?: number | string
  readonly model?: string
  readonly context?: number
  readonly encoder?: string
  readonly judge?: string
}

export const evaluateDefaults = {
  output: 'report.json',
  arms: ['bare', 'few-shot-1', 'persona-only-learned', 'exemplars-only', 'mixture'],
  responses: 200,
  closed: 'weighed',
  heldOut: 50,
  resamples: 200,
  concurrency: 4,
  model: 'local',
  seed: 1,
} as const
