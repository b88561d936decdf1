import { MopError } from '@mop/core'
import { type Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import type { CommandContext } from './command-context.ts'
import { loadConfig } from './config/load-config.ts'
import { UsageError } from './errors/usage-error.ts'
import { reasonOf } from './errors/file-error.ts'
import { exitCode } from './exit-code.ts'
import { listenForInterrupt } from './interrupt.ts'
import { createTerminal, type Terminal } from './output/terminal.ts'
import { wrap } from './output/wrap.ts'
import { createProgram, type GlobalFlags } from './program.ts'
import { styleText } from 'node:util'

/** Runs one command line and says with which code the process should end. */
export async function run(argumentsGiven: readonly string[], host: NodeJS.Process): Promise<number> {
  const streams = { out: host.stdout, err: host.stderr, environment: host.env }
  let terminal: Terminal | undefined
  let hint: string | undefined
  using interrupt = listenForInterrupt({
    process: host,
    exitCode: exitCode.interrupted,
    onFirst: () => terminal?.note(terminal.styleNote('yellow', 'Stopping… (Ctrl-C again to stop at once)')),
  })
  const perform = async (
    command: Command,
    work: (context: CommandContext) => Promise<void>,
  ): Promise<void> => {
    const { json = false, config: file } = command.optsWithGlobals<GlobalFlags>()
    terminal = await createTerminal({ json, streams })
    const { config } = await loadConfig(host.cwd(), file)
    await work({
      terminal,
      config,
      signal: interrupt.signal,
      whenInterrupted: (text) => {
        hint = text
      },
    })
  }
  const program = createProgram({
    version: packageJson.version,
    perform,
    styleTitle: (title) => styleText('bold', title, { stream: host.stdout }),
  })
  try {
    await program.parseAsync([...argumentsGiven], { from: 'user' })
    return exitCode.success
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.success : exitCode.usage
    terminal ??= await createTerminal({ json: argumentsGiven.includes('--json'), streams })
    terminal.live(undefined)
    if (interrupt.signal.aborted) {
      terminal.note(wrap(`Interrupted.${hint === undefined ? '' : ` ${hint}`}`, terminal.width))
      terminal.json({ error: { code: 'interrupted', message: hint ?? 'Interrupted.' } })
      return exitCode.interrupted
    }
    tell(error, terminal, host.env)
    return error instanceof UsageError ? exitCode.usage : exitCode.failure
  }
}

function tell(error: unknown, terminal: Terminal, environment: NodeJS.ProcessEnv): void {
  const { code, message, expected } = describe(error)
  const stack = error instanceof Error ? error.stack : undefined
  terminal.note(`${terminal.styleNote('red', 'error:')} ${wrap(message, terminal.width)}`)
  if (!expected) terminal.note('This was not expected; what follows helps to find the cause.')
  if (stack !== undefined && (!expected || environment['MOP_DEBUG'] === '1')) terminal.note(stack)
  terminal.json({ error: { code, message } })
}

function describe(error: unknown): { code: string; message: string; expected: boolean } {
  if (MopError.isInstance(error)) return { code: error.code, message: error.message, expected: true }
  if (error instanceof Error && typeof Reflect.get(error, 'syscall') === 'string') {
    const path: unknown = Reflect.get(error, 'path')
    const message = `${typeof path === 'string' ? `${path}: ` : ''}${reasonOf(error)}.`
    return { code: 'system', message, expected: true }
  }
  return {
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    expected: false,
  }
}
