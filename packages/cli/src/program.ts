import { Command } from 'commander'
import { addAnswer } from './commands/answer.ts'
import { addDemo } from './commands/demo.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addFit } from './commands/fit.ts'
import { addInspect } from './commands/inspect.ts'
import type { Perform } from './commands/perform.ts'
import { addPersonas } from './commands/personas.ts'
import { addServe } from './commands/serve.ts'
import { addSimulate } from './commands/simulate.ts'
import { examples } from './output/examples.ts'

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly json?: boolean
  readonly config?: string
}

/** The command line of `mop`: parsing only. @throws CommanderError instead of ending the process. */
export function createProgram(options: {
  readonly version: string
  readonly perform: Perform
  readonly styleTitle: (title: string) => string
}): Command {
  const program = new Command('mop')
    .description(
      "Mixture of Personas: learns from what a population said which persona and which example to put before a language model, and how often, so that its answers are spread like the population's.",
    )
    .version(options.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .option(
      '--config <file>',
      'configuration (default: mop.config.ts, .mts, .js, .mjs or .json in this folder)',
    )
    .option('--json', 'print one JSON document on standard output; all else goes to standard error')
    .configureHelp({ showGlobalOptions: true, styleTitle: options.styleTitle })
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
  for (const add of [addDemo, addFit, addSimulate, addAnswer, addEvaluate, addInspect, addPersonas, addServe])
    add(program, options.perform)
  return program.addHelpText(
    'after',
    [
      examples([
        ['mop demo', 'the whole path on a shipped population'],
        ['mop fit records.jsonl -o mixture.json', 'learn a mixture'],
        ['mop simulate mixture.json -o simulated.jsonl', 'let the population answer'],
        ['mop evaluate mixture.json --records test.csv', 'is it better than the bare model?'],
        ['mop inspect mixture.json', 'what it holds'],
      ]),
      '\nExit codes:\n  0 done   1 failed   2 wrong usage   130 interrupted (what was computed is kept)',
      '\nEnvironment:\n  NO_COLOR, FORCE_COLOR   colours off, on\n  MOP_DEBUG=1             errors with their stack',
    ].join('\n'),
  )
}
