import type { MopConfig } from './config/config-schema.ts'
import type { Terminal } from './output/terminal.ts'

/** What every command is given beside its own options. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly config: MopConfig
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** A text of the packages with the flags of this command, or of `mop fit`, for the options that it names. */
  inFlags(text: string, of?: 'fit'): string
  /** Sets the sentence that is printed after Ctrl-C: what is kept and how to go on. */
  whenInterrupted(hint: string): void
}
