import { type Command, Option } from 'commander'
import { delimiter, fieldMap } from './parse-option.ts'

/** `--format`, `--map` and `--delimiter`, the same for every command that reads records which the files may name otherwise. */
export function addRecordOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'of the records (default: by extension)').choices([
        'jsonl',
        'json',
        'csv',
        'parquet',
      ]),
    )
    .option(
      '--map <fields>',
      'which field holds what: input=question,output=answer,respondent=person',
      fieldMap,
    )
    .option(
      '--delimiter <mark>',
      'between the cells of a CSV file; tab for a tab (default: comma)',
      delimiter,
    )
}
