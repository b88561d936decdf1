/** Options of `mop inspect` as they stand on the command line. */
export interface InspectFlags {
  readonly input?: string
  readonly top?: number
  readonly encoder?: string
  readonly records?: string
}

export const inspectDefaults = { top: 10 } as const
