/** Options of `mop demo` as they stand on the command line. */
export interface DemoFlags {
  readonly output?: string
  readonly seed?: number | string
}

export const demoDefaults = { output: 'mop-demo', seed: 1 } as const

/** Chosen so that the demo ends in about a minute and a half on two idle cores, and within three minutes on busy ones. */
export const demoSizes = {
  records: 480,
  exemplars: 24,
  rounds: 3,
  pairs: 4,
  /** Of scoring, by the estimate; where it would be more, fewer pairs are scored. */
  longestSeconds: 100,
  /** Answers for each held-out input. */
  draws: 3,
  inputsShown: 3,
  answersShown: 3,
} as const
