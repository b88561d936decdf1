import { type Command, Option } from 'commander'
import { contextOption } from '../options/context-option.ts'
import { group, positiveNumber, repeated, seed, wholeNumber } from '../options/parse-option.ts'
import { examples } from '../output/examples.ts'
import { type SimulateFlags, simulateDefaults } from '../simulate/simulate-settings.ts'
import type { Perform } from './perform.ts'

export function addSimulate(program: Command, perform: Perform): void {
  program
    .command('simulate')
    .summary('let the population answer')
    .description(
      'Let the population of a mixture answer: for each input it draws personas and exemplars with their weights and lets the model answer. Rows are written as they come; the same command goes on where it stopped.',
    )
    .argument('<mixture>', 'file that `mop fit` wrote')
    .option('-o, --output <file>', `JSONL of the answers (default: ${simulateDefaults.output})`)
    .option('--input <text>', 'what to ask; may be repeated', repeated)
    .option(
      '--inputs <file>',
      'what to ask: a text file with one input a line, or JSONL, JSON, CSV, Parquet with a field "input"\n(default: the distinct inputs of the mixture\'s exemplars)',
    )
    .option('-n, --draws <n>', `answers for each input (default: ${simulateDefaults.draws})`, wholeNumber(1))
    .option(
      '--given <attribute=value>',
      'only members of this group, e.g. age=18-29; may be repeated (default: everybody)',
      group,
    )
    .option(
      '--pairs <n>',
      `pairs of persona and exemplar in one prompt (default: ${simulateDefaults.pairs})`,
      wholeNumber(1),
    )
    .addOption(
      new Option('--method <method>', `how pairs are drawn (default: ${simulateDefaults.method})`).choices([
        'systematic',
        'independent',
      ]),
    )
    .option(
      '--temperature-scale <factor>',
      `multiplies every temperature (default: ${simulateDefaults.temperatureScale})`,
      positiveNumber,
    )
    .option('--max-tokens <n>', "of one answer (default: the model's own)", wholeNumber(1))
    .option(
      '--concurrency <n>',
      `calls under way at once (default: ${simulateDefaults.concurrency})`,
      wholeNumber(1),
    )
    .option('--seed <seed>', `number or word (default: ${simulateDefaults.seed})`, seed)
    .option(
      '--model <uri>',
      `local (shipped) or local:path.gguf; need not be the one of the fit (default: ${simulateDefaults.model})`,
    )
    .addOption(contextOption())
    .option(
      '--encoder <uri>',
      'local:path.gguf or onnx:path/to/folder where the mixture was fitted with an embedding model',
    )
    .option('--records <file>', 'the records of the fit, where the mixture was fitted with --private')
    .addHelpText(
      'after',
      examples([
        ['mop simulate mixture.json -n 100 --input "Would you buy it again?"', ''],
        ['mop simulate mixture.json --inputs questions.txt -o answers.jsonl', ''],
        ['mop simulate mixture.json --given age=18-29 --given gender=female', ''],
        ['mop simulate mixture.json --pairs 2 --seed 7', ''],
      ]),
    )
    .action((mixture: string, flags: SimulateFlags, command: Command) =>
      perform(command, async (context) => {
        const { performSimulate } = await import('../simulate/perform-simulate.ts')
        await performSimulate(mixture, flags, context)
      }),
    )
}
