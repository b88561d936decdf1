/** Options of `mop evaluate` as they stand on the command line. */
export interface EvaluateFlags {
  readonly records: string
  readonly output?: string
  readonly arms?: readonly string[]
  readonly responses?: number
  readonly training?: string
  readonly groups?: readonly string[]
  readonly closed?: 'weighed' | 'counted'
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
  resamples: 200,
  concurrency: 4,
  model: 'local',
  seed: 1,
} as const
