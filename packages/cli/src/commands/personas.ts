import { type Command, Option } from 'commander'
import { fitDefaults } from '../fit/fit-settings.ts'
import { contextOption } from '../options/context-option.ts'
import { seed, wholeNumber } from '../options/parse-option.ts'
import { addRecordOptions } from '../options/record-options.ts'
import { examples } from '../output/examples.ts'
import type { PersonasFlags, SynthesiseFlags } from '../personas/personas-settings.ts'
import type { Perform } from './perform.ts'

export function addPersonas(program: Command, perform: Perform): void {
  const personas = program
    .command('personas')
    .summary('list the personas of a mixture, or write some from records')
    .description(
      'List the personas of a mixture with their sizes and temperatures, or write personas from records.',
    )
    .argument('[mixture]', 'file that `mop fit` wrote')
    .option('--records <file>', 'the records of the fit, where the mixture was fitted with --private')
    .addHelpText(
      'after',
      examples([
        ['mop personas mixture.json', ''],
        ['mop personas synthesise records.jsonl --count 20 --output personas.json', ''],
      ]),
    )
    .action((mixture: string | undefined, flags: PersonasFlags, command: Command) =>
      perform(command, async (context) => {
        const { performPersonas } = await import('../personas/perform-personas.ts')
        await performPersonas(mixture, flags, context)
      }),
    )
  const synthesise = personas
    .command('synthesise')
    .summary('describe clusters of the records as personas')
    .description(
      'Describe clusters of the records as personas, in JSON that `mop fit --personas` takes. With the same seed they are those that the fit itself would make.',
    )
    .argument('<records>', 'file of records')
    .option('--count <n>', `how many (default: ${fitDefaults.personas})`, wholeNumber(1))
    .option('-o, --output <file>', 'write them to this file')
    .addOption(
      new Option('--describe <by>', 'who describes the clusters (default: statistics)').choices([
        'statistics',
        'model',
      ]),
    )
  addRecordOptions(synthesise)
    .option('--seed <seed>', `number or word (default: ${fitDefaults.seed})`, seed)
    .option(
      '--model <uri>',
      `for --describe model: local (shipped) or local:path.gguf (default: ${fitDefaults.model})`,
    )
    .addOption(contextOption())
    .option(
      '--encoder <uri>',
      `lsa, hashed, local:path.gguf or onnx:path/to/folder (default: ${fitDefaults.encoder})`,
    )
    .option('--private', 'quote no record')
    .addHelpText(
      'after',
      examples([
        ['mop personas synthesise records.jsonl --count 20 --output personas.json', ''],
        ['mop personas synthesise records.jsonl --describe model --json', ''],
      ]),
    )
    .action((records: string, flags: SynthesiseFlags, command: Command) =>
      perform(command, async (context) => {
        const { performSynthesise } = await import('../personas/perform-personas.ts')
        await performSynthesise(records, flags, context)
      }),
    )
}
