/** Options of `mop simulate` as they stand on the command line. */
export interface SimulateFlags {
  readonly output?: string
  readonly inputs?: string
  readonly input?: readonly string[]
  readonly draws?: number
  readonly given?: Readonly<Record<string, string | number | boolean>>
  readonly pairs?: number
  readonly method?: 'systematic' | 'independent'
  readonly seed?: number | string
  readonly model?: string
  readonly context?: number
  readonly encoder?: string
  readonly temperatureScale?: number
  readonly maxTokens?: number
  readonly concurrency?: number
  readonly records?: string
}

export const simulateDefaults = {
  output: 'simulated.jsonl',
  model: 'local',
  seed: 1,
  draws: 10,
  pairs: 1,
  method: 'systematic',
  temperatureScale: 1,
  concurrency: 4,
} as const
