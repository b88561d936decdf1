import type { Command } from 'commander'
import { contextOption } from '../options/context-option.ts'
import { wholeNumber } from '../options/parse-option.ts'
import { examples } from '../output/examples.ts'
import { serveDefaults, type ServeFlags } from '../serve/serve-settings.ts'
import type { Perform } from './perform.ts'

export function addServe(program: Command, perform: Perform): void {
  program
    .command('serve')
    .summary('serve the local model to any OpenAI client')
    .description(
      'Serve the local model to any OpenAI client: chat, completions and embeddings, without a key. Ctrl-C stops it.',
    )
    .option('--port <port>', `0 takes a free one (default: ${serveDefaults.port})`, wholeNumber(0, 65_535))
    .option('--host <host>', `address to listen on (default: ${serveDefaults.host}, this machine only)`)
    .option('--model <uri>', `local (shipped) or local:path.gguf (default: ${serveDefaults.model})`)
    .addOption(contextOption())
    .addHelpText(
      'after',
      examples([
        ['mop serve', ''],
        ['mop serve --port 9000 --model local:model.gguf', ''],
      ]),
    )
    .action((flags: ServeFlags, command: Command) =>
      perform(command, async (context) => {
        const { performServe } = await import('../serve/perform-serve.ts')
        await performServe(flags, context)
      }),
    )
}
