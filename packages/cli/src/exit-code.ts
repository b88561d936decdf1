/** What the process ends with; documented in `mop --help`. */
export const exitCode = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const
