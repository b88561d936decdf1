import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'

/** Runs a command's work with its context. Given by `run`, which knows the process; the work is imported when it is asked for. */
export type Perform = (command: Command, work: (context: CommandContext) => Promise<void>) => Promise<void>
