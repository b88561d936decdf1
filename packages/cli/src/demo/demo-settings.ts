/** Options of `mop demo` as they stand on the command line. */
export interface DemoFlags {
  readonly output?: string
  readonly seed?: number | string
}

export const demoDefaults = { output: 'mop-demo', seed: 1 } as const

/** Chosen so that the demo ends in about a minute and a half on two idle cores, and within three minutes on busy ones. */
export const demoSizes = {
  records: 420,
  exemplars: 24,
  rounds: 2,
  pairs: 4,
  /** Of scoring, by the estimate; where it would be more, fewer records are taken. */
  longestSeconds: 120,
  fewestRecords: 240,
  /** Held-out inputs that mixture and bare model are asked. */
  inputsAsked: 80,
  /** Answers for each of them. */
  draws: 3,
  inputsShown: 3,
  answersShown: 3,
} as const
