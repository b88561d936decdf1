/** Options of `mop answer` as they stand on the command line. */
export interface AnswerFlags {
  readonly question: string
  readonly choices: readonly string[]
  readonly given?: Readonly<Record<string, string | number | boolean>>
  readonly components?: number
  readonly seed?: number | string
  readonly model?: string
  readonly context?: number
  readonly encoder?: string
  readonly records?: string
}

export const answerDefaults = { model: 'local', components: 64, seed: 1 } as const
