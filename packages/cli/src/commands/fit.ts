import { type Command, Option } from 'commander'
import { type FitFlags, fitDefaults } from '../fit/fit-settings.ts'
import { contextOption } from '../options/context-option.ts'
import { countOrFile, list, seed, share, temperatureGrid, wholeNumber } from '../options/parse-option.ts'
import { addRecordOptions } from '../options/record-options.ts'
import { examples } from '../output/examples.ts'
import type { Perform } from './perform.ts'

export function addFit(program: Command, perform: Perform): void {
  const command = program
    .command('fit')
    .summary('learn a mixture from the records of a population')
    .description(
      'Learn a mixture from the records of a population: JSONL, JSON, CSV or Parquet with an input (what was asked) and an output (what was said) each. Says what it will cost before it starts. Everything computed is kept: after Ctrl-C, a kill or an error the same command goes on where it stopped.',
    )
    .argument('<records>', 'file of records')
    .option('-o, --output <file>', `where the mixture goes (default: ${fitDefaults.output})`)
  addRecordOptions(command)
    .option(
      '--limit <records>',
      'use a seeded sample of at most so many records, by respondent',
      wholeNumber(1),
    )
    .option(
      '--personas <n|file>',
      `how many to describe from clusters of the records (0: none), or a JSON file of them (default: ${fitDefaults.personas})`,
      countOrFile,
    )
    .addOption(
      new Option(
        '--describe <by>',
        'who describes the clusters (default: statistics with the shipped model, else the model)',
      ).choices(['statistics', 'model']),
    )
    .option(
      '--exemplars <n>',
      `records that may stand in a prompt as an example (default: ${fitDefaults.exemplars})`,
      wholeNumber(0),
    )
    .option('--strata <attributes>', 'attributes whose groups all have exemplars: gender,age', list)
    .option('--rounds <n>', 'rounds of candidates (default: 3)', wholeNumber(1))
    .option(
      '--pairs <n>',
      'pairs scored for each record in a round after the first (default: 6)',
      wholeNumber(1),
    )
    .option(
      '--held-out-pairs <n>',
      'pairs drawn for each held-out record beside the first ones (default: 12, or twice --pairs)',
      wholeNumber(1),
    )
    .option('--budget <calls>', 'compute at most so many likelihoods', wholeNumber(1))
    .option('--held-out <share>', `of the records, to report on (default: ${fitDefaults.heldOut})`, share)
    .option(
      '--validation <share>',
      `of the records, to choose the strength of the gate on (default: ${fitDefaults.validation})`,
      share,
    )
    .option(
      '--temperatures <grid>',
      "likelihoods are computed at each of them, and between their ends each persona's temperature is learned (default: 0.7,1,1.4,2)",
      temperatureGrid,
    )
    .option('--rank <d>', 'dimensions of the gate', wholeNumber(1))
    .option(
      '--seed <seed>',
      `number or word; the same seed gives the same mixture (default: ${fitDefaults.seed})`,
      seed,
    )
    .option('--model <uri>', `local (shipped) or local:path.gguf (default: ${fitDefaults.model})`)
    .addOption(contextOption())
    .option(
      '--encoder <uri>',
      `lsa (fitted on the records), hashed, local:path.gguf or onnx:path/to/folder (default: ${fitDefaults.encoder})`,
    )
    .option(
      '--private',
      'leave texts, respondents and attributes out of the mixture, and quotes out of personas (single words that several records share, and record ids, stay)',
    )
    .option(
      '--table <file>',
      'likelihoods, continued where the file exists (default: <output>.likelihoods.jsonl)',
    )
    .option('-y, --yes', 'do not ask before a long fit')
    .addHelpText(
      'after',
      examples([
        ['mop fit records.jsonl', ''],
        ['mop fit survey.csv --map input=question,output=answer --strata gender,age', ''],
        ['mop fit records.jsonl --personas personas.json --limit 500 --budget 20000', ''],
        ['mop fit records.jsonl --model local:model.gguf --private --json > fit.json', ''],
      ]),
    )
    .action((records: string, flags: FitFlags, command: Command) =>
      perform(command, async (context) => {
        const { performFit } = await import('../fit/perform-fit.ts')
        await performFit(records, flags, context)
      }),
    )
}
