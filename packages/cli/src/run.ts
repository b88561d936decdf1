import { MopError } from '@mop/core'
import { type Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import type { CommandContext } from './command-context.ts'
import { loadConfig } from './config/load-config.ts'
import { UsageError } from './errors/usage-error.ts'
import { reasonOf } from './errors/file-error.ts'
import { exitCode } from './exit-code.ts'
import { listenForInterrupt } from './interrupt.ts'
import { flagOf, inFlags } from './options/in-flags.ts'
import { createTerminal, type Terminal } from './output/terminal.ts'
import { wrap } from './output/wrap.ts'
import { createProgram, type GlobalFlags } from './program.ts'
import { styleText } from 'node:util'

/** Runs one command line and says with which code the process should end. */
export async function run(argumentsGiven: readonly string[], host: NodeJS.Process): Promise<number> {
  const streams = { out: host.stdout, err: host.stderr, environment: host.env }
  let terminal: Terminal | undefined
  let hint: string | undefined
  let performed: Command | undefined
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
    performed = command
    await work({
      terminal,
      config,
      signal: interrupt.signal,
      inFlags: (text, of) => inFlags(text, program.commands.find((one) => one.name() === of) ?? command),
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
    tell(describe(error, performed), error, terminal, host.env)
    return isUsage(error, performed) ? exitCode.usage : exitCode.failure
  }
}

/** Wrong usage: the command line's own errors, and values of flags that the packages refuse. */
function isUsage(error: unknown, command: Command | undefined): boolean {
  if (error instanceof UsageError) return true
  if (!MopError.isInstance(error) || error.code !== 'invalid-argument' || command === undefined) return false
  const names = String(Reflect.get(error, 'argument')).split(', ')
  return names.every((name) => flagOf(name, command) !== undefined)
}

function tell(
  { code, message, expected }: Described,
  error: unknown,
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
): void {
  const stack = error instanceof Error ? error.stack : undefined
  terminal.note(`${terminal.styleNote('red', 'error:')} ${wrap(message, terminal.width)}`)
  if (!expected) terminal.note('This was not expected; what follows helps to find the cause.')
  if (stack !== undefined && (!expected || environment['MOP_DEBUG'] === '1')) terminal.note(stack)
  terminal.json({ error: { code, message } })
}

interface Described {
  readonly code: string
  readonly message: string
  readonly expected: boolean
}

function describe(error: unknown, command: Command | undefined): Described {
  if (MopError.isInstance(error)) {
    const message = command === undefined ? error.message : inFlags(error.message, command)
    return { code: error.code, message, expected: true }
  }
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
