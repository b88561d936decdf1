import type { Command } from 'commander'
import { type InspectFlags, inspectDefaults } from '../inspect/inspect-settings.ts'
import { wholeNumber } from '../options/parse-option.ts'
import { examples } from '../output/examples.ts'
import type { Perform } from './perform.ts'

export function addInspect(program: Command, perform: Perform): void {
  program
    .command('inspect')
    .summary('show what a mixture holds, or its weights for one input')
    .description(
      'Show what a mixture holds: personas with sizes and temperatures, encoder, provenance, held-out figures.\nWith --input: the weights of personas and pairs for that input.',
    )
    .argument('<mixture>', 'file that `mop fit` wrote')
    .option('--input <text>', 'show the weights for this input')
    .option('--top <n>', `rows of each table (default: ${inspectDefaults.top})`, wholeNumber(1))
    .option(
      '--encoder <uri>',
      'local:path.gguf or onnx:path/to/folder where the mixture was fitted with an embedding model',
    )
    .option('--records <file>', 'the records of the fit, where the mixture was fitted with --private')
    .addHelpText(
      'after',
      examples([
        ['mop inspect mixture.json', ''],
        ['mop inspect mixture.json --input "How was the soup?" --top 5', ''],
        ['mop inspect mixture.json --json | jq .report.heldOut', ''],
      ]),
    )
    .action((mixture: string, flags: InspectFlags, command: Command) =>
      perform(command, async (context) => {
        const { performInspect } = await import('../inspect/perform-inspect.ts')
        await performInspect(mixture, flags, context)
      }),
    )
}
