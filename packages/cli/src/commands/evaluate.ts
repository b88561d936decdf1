import { type Command, Option } from 'commander'
import { evaluateDefaults, type EvaluateFlags } from '../evaluate/evaluate-settings.ts'
import { contextOption } from '../options/context-option.ts'
import { list, positiveNumber, seed, wholeNumber } from '../options/parse-option.ts'
import { addRecordOptions } from '../options/record-options.ts'
import { examples } from '../output/examples.ts'
import type { Perform } from './perform.ts'

export function addEvaluate(program: Command, perform: Perform): void {
  const command = program
    .command('evaluate')
    .summary('is the mixture better than what else one could do?')
    .description(
      'Ask the mixture and other ways to simulate a population (arms) what held-out records were asked, with the same model, temperatures and number of calls, and measure how close their answers are to the real ones. Answers are written as they come; the same command, also with more arms, goes on where it stopped.',
    )
    .argument('<mixture>', 'file that `mop fit` wrote')
    .requiredOption('--records <file>', 'held-out records, which the fit has not seen')
  addRecordOptions(command)
    .option('-o, --output <file>', `JSON of the report (default: ${evaluateDefaults.output})`)
    .option(
      '--arms <arms>',
      `with commas between them, of bare, zero-gen, attr-prompt, pro-gen, few-shot-1, few-shot-3, picle, persona-only-uniform, persona-only-learned, exemplars-only, no-exemplars, random-personas, mixture, mixture-2 (default: ${evaluateDefaults.arms.join(',')}); name=other.json is a mixture of its own, name:part=other.json one that was fitted without a part`,
      list,
    )
    .option(
      '-n, --responses <n>',
      `answers of each arm, spread over the records' inputs (default: ${evaluateDefaults.responses})`,
      wholeNumber(1),
    )
    .option(
      '--training <file>',
      "the records of the fit: few-shot arms and picle show them, and none may be among the held-out ones (default: the mixture's exemplars)",
    )
    .option('--groups <attributes>', 'ask members of each group, and measure each too, e.g. age,gender', list)
    .addOption(
      new Option(
        '--closed <how>',
        `closed answers are weighed by the likelihood of each choice, or generated and counted (default: ${evaluateDefaults.closed})`,
      ).choices(['weighed', 'counted']),
    )
    .option(
      '--held-out <n>',
      `take the log-likelihood of so many real free answers, the same under every arm, given 16 of its prompts each; 0 for none (default: ${evaluateDefaults.heldOut})`,
      wholeNumber(0),
    )
    .option(
      '--classes <what>',
      'what a classifier is to learn from free answers, to be tested on the real ones: input, or one of --groups (default: input)',
    )
    .option('--drop-seen', 'leave out records that the fit has seen, instead of refusing them')
    .option(
      '--pool-questions',
      'count closed questions with the same choices as one, where each is seldom asked',
    )
    .option(
      '--temperature <temperature>',
      "of all calls (default: that of the mixture's draw for each answer, in every arm)",
      positiveNumber,
    )
    .option('--max-tokens <n>', "of one answer (default: the model's own)", wholeNumber(1))
    .option(
      '--concurrency <n>',
      `calls under way at once (default: ${evaluateDefaults.concurrency})`,
      wholeNumber(1),
    )
    .option(
      '--resamples <n>',
      `behind each interval; 0 for none (default: ${evaluateDefaults.resamples})`,
      wholeNumber(0),
    )
    .option(
      '--no-samples',
      'leave responses and texts of personas, which hold what people wrote, out of the page',
    )
    .option('--seed <seed>', `number or word (default: ${evaluateDefaults.seed})`, seed)
    .option(
      '--model <uri>',
      `local (shipped) or local:path.gguf; need not be the one of the fit (default: ${evaluateDefaults.model})`,
    )
    .addOption(contextOption())
    .option(
      '--encoder <uri>',
      'local:path.gguf or onnx:path/to/folder where the mixture was fitted with an embedding model',
    )
    .option(
      '--judge <uri>',
      "encoder that responses are judged in: hashed, lsa (fitted on the records), local:path.gguf or onnx:path/to/folder (default: the mixture's)",
    )
    .addHelpText(
      'after',
      examples([
        ['mop evaluate mixture.json --records test.jsonl', ''],
        ['mop evaluate mixture.json --records test.jsonl --arms bare,mixture,mixture-2 -n 1000', ''],
        ['mop evaluate mixture.json --records test.jsonl --training train.jsonl --groups age', ''],
        [
          'mop evaluate mixture.json --records survey.csv --map input=question,output=answer --drop-seen',
          'the file of the fit: what the fit held out',
        ],
        [
          'mop evaluate mixture.json --records test.jsonl --arms mixture,refit:exemplars=without.json',
          'beside a mixture fitted without exemplars',
        ],
      ]),
    )
    .action((mixture: string, flags: EvaluateFlags, command: Command) =>
      perform(command, async (context) => {
        const { performEvaluate } = await import('../evaluate/perform-evaluate.ts')
        await performEvaluate(mixture, flags, context)
      }),
    )
}
