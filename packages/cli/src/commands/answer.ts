import type { Command } from 'commander'
import { answerDefaults, type AnswerFlags } from '../answer/answer-settings.ts'
import { contextOption } from '../options/context-option.ts'
import { group, list, seed, wholeNumber } from '../options/parse-option.ts'
import { examples } from '../output/examples.ts'
import type { Perform } from './perform.ts'

export function addAnswer(program: Command, perform: Perform): void {
  program
    .command('answer')
    .summary('how the population would answer a closed question')
    .description(
      'How the population of a mixture would answer a closed question: the weight of each choice, computed from likelihoods and not by counting, beside the bare model.',
    )
    .argument('<mixture>', 'file that `mop fit` wrote')
    .requiredOption('--question <text>', 'what to ask')
    .requiredOption('--choices <list>', 'the closed answers, with commas between them', list)
    .option(
      '--given <attribute=value>',
      'only members of this group, e.g. age=18-29; may be repeated (default: everybody)',
      group,
    )
    .option(
      '--components <n>',
      `pairs drawn where the mixture has more (default: ${answerDefaults.components})`,
      wholeNumber(2),
    )
    .option('--seed <seed>', `number or word (default: ${answerDefaults.seed})`, seed)
    .option('--model <uri>', `local (shipped) or local:path.gguf (default: ${answerDefaults.model})`)
    .addOption(contextOption())
    .option(
      '--encoder <uri>',
      'local:path.gguf or onnx:path/to/folder where the mixture was fitted with an embedding model',
    )
    .option('--records <file>', 'the records of the fit, where the mixture was fitted with --private')
    .addHelpText(
      'after',
      examples([
        ['mop answer mixture.json --question "Do you trust the news?" --choices No,Yes', ''],
        ['mop answer mixture.json --question "Do you fly?" --choices Never,Often --given age=18-29', ''],
      ]),
    )
    .action((mixture: string, flags: AnswerFlags, command: Command) =>
      perform(command, async (context) => {
        const { performAnswer } = await import('../answer/perform-answer.ts')
        await performAnswer(mixture, flags, context)
      }),
    )
}
