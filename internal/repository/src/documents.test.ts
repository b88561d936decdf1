import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentPaths, parseDocument } from './document.ts'
import { namedCommands, pnpmBuiltins } from './named-commands.ts'
import { namedPaths, pathExists } from './named-paths.ts'
import { readManifest } from './package-manifest.ts'
import { readText, root } from './repository.ts'

const documents = documentPaths().map((path) => parseDocument(path))

/** What `mop … --help` prints. */
function help(...subcommand: readonly string[]): string {
  const bin = join(root, 'packages/cli/dist/bin.js')
  return execFileSync(process.execPath, [bin, ...subcommand, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '200' },
  })
}

function subcommandsIn(text: string): readonly string[] {
  const [, commands = ''] = /^Commands:\n((?: .*\n?|\n)*)/m.exec(text) ?? []
  return [...commands.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name)
}

describe('every path that a document names exists', () => {
  it.each(documents)('$path', (document) => {
    const missing = namedPaths(document).filter(({ path }) => !pathExists(path, document.path))
    expect(missing).toEqual([])
  })
})

describe('every command that a document names exists', () => {
  const scripts = readManifest('package.json').scripts ?? {}
  const named = documents.flatMap((document) =>
    namedCommands(document).map((command) => ({ document: document.path, ...command })),
  )

  it('as a script of the root or a builtin of pnpm', () => {
    const unknown = named.filter(
      ({ program, name }) => program === 'pnpm' && !(name in scripts) && !pnpmBuiltins.has(name),
    )
    expect(unknown).toEqual([])
  })

  it('as a subcommand of mop, with its options', { timeout: 60_000 }, () => {
    const calls = named.filter(({ program }) => program === 'mop')
    if (calls.length === 0) return
    const general = help()
    const subcommands = subcommandsIn(general)
    const helps = new Map(
      subcommands.map((name) => [name, `${general}\n${name === 'help' ? '' : help(name)}`]),
    )
    const unknown = calls.filter(({ name, options }) => {
      const text = helps.get(name)
      return text === undefined || options.some((option) => !new RegExp(`${option}\\b`).test(text))
    })
    expect(unknown).toEqual([])
  })
})

describe("the README's two commands", () => {
  it.each(['npx -y pnpm@12 demo', 'npx -y pnpm@12 test'])(
    '%s stands in it, and the CI run calls it',
    (command) => {
      const blocks = parseDocument('README.md').blocks.filter(({ info }) => info[0] === 'sh')
      expect(blocks.flatMap(({ code }) => code.split('\n'))).toContain(command)
      expect(readText('.ci/run')).toMatch(new RegExp(`^step \\w+ ${command}$`, 'm'))
    },
  )
})

describe('the readers of documents', () => {
  const markdown = [
    'Run `npx -y pnpm@12 demo`, see `packages/core/src/gone.ts`, [this](../LICENSE#top) and [that](https://a.org/b).',
    '`application/json`, `/v1/models` and `a / b` are no paths; `internal/*/package.json` is one.',
    '```sh',
    'npx -y pnpm@12 test # and `pnpm comment`',
    '$ pnpm --filter @mop/core run build && mop fit records.jsonl \\',
    '    --output=mixture.json',
    'pnpm mop inspect mixture.json --json | head',
    '```',
    '```text',
    'pnpm nothing',
    '```',
  ].join('\n')
  const document = parseDocument('internal/control.md', markdown)

  it('find paths, and tell which exist', () => {
    const paths = namedPaths(document).map(({ path }) => path)
    expect(paths).toEqual(['packages/core/src/gone.ts', 'internal/*/package.json', '../LICENSE'])
    expect(paths.map((path) => pathExists(path, document.path))).toEqual([false, true, true])
  })

  it('find commands with their options', () => {
    expect(namedCommands(document)).toEqual([
      { line: 1, program: 'pnpm', name: 'demo', options: [] },
      { line: 4, program: 'pnpm', name: 'test', options: [] },
      { line: 5, program: 'pnpm', name: 'build', options: [] },
      { line: 5, program: 'mop', name: 'fit', options: ['--output'] },
      { line: 7, program: 'mop', name: 'inspect', options: ['--json'] },
    ])
  })

  it('read the subcommands of a help page', () => {
    const page =
      'Usage: mop\n\nCommands:\n  fit [options] <records>  fit\n  inspect <file>\n\nExamples:\n  serve\n'
    expect(subcommandsIn(page)).toEqual(['fit', 'inspect'])
  })

  it('refuse a block that is never closed', () => {
    expect(() => parseDocument('x.md', 'a\n```ts\nb')).toThrow('x.md:2')
  })
})
