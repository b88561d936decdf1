import type { Command } from 'commander'
import { demoDefaults, type DemoFlags } from '../demo/demo-settings.ts'
import { seed } from '../options/parse-option.ts'
import { examples } from '../output/examples.ts'
import type { Perform } from './perform.ts'

export function addDemo(program: Command, perform: Perform): void {
  program
    .command('demo')
    .summary('the whole path once on a shipped population: no key, no network')
    .description(
      'The whole path once on a shipped synthetic population, with the shipped model: fit, simulate, compare. Takes a minute or two, needs no key and no network.',
    )
    .option('-o, --output <folder>', `where the files go (default: ${demoDefaults.output})`)
    .option('--seed <seed>', `number or word (default: ${demoDefaults.seed})`, seed)
    .addHelpText(
      'after',
      examples([
        ['mop demo', ''],
        ['mop demo --output /tmp/demo --json', ''],
      ]),
    )
    .action((flags: DemoFlags, command: Command) =>
      perform(command, async (context) => {
        const { performDemo } = await import('../demo/perform-demo.ts')
        await performDemo(flags, context)
      }),
    )
}
