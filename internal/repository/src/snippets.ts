import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Document } from './document.ts'

/**
 * A TypeScript block of a document. ```` ```ts ```` is type-checked; ```` ```ts run ```` is executed too, in an empty
 * folder, and must exit with 0. Each block is a module of its own.
 */
export interface Snippet {
  readonly document: string
  readonly line: number
  readonly code: string
  readonly runs: boolean
}

export interface Outcome {
  readonly exitCode: number
  readonly output: string
}

const folder = join(import.meta.dirname, '../.snippets')
const compiler = join(import.meta.dirname, '../node_modules/.bin/tsc')

export function snippetsOf({ path, blocks }: Document): readonly Snippet[] {
  return blocks
    .filter(({ info }) => ['ts', 'typescript', 'js', 'javascript'].includes(info[0] ?? ''))
    .map(({ info, line, code }) => {
      if (info[0] !== 'ts' || info.length > 2 || (info[1] ?? 'run') !== 'run') {
        throw new Error(`${path}:${line - 1}: write \`\`\`ts or \`\`\`ts run, not \`\`\`${info.join(' ')}`)
      }
      return { document: path, line, code, runs: info[1] === 'run' }
    })
}

function fileOf({ document, line }: Snippet): string {
  return `${document.replaceAll(/[^\w]+/g, '-')}-${line}.ts`
}

/** Writes the snippets where they find the packages by name. */
export function writeSnippets(snippets: readonly Snippet[]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: { isolatedDeclarations: false, moduleDetection: 'force', noUnusedLocals: false },
    include: ['*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  for (const snippet of snippets) writeFileSync(join(folder, fileOf(snippet)), snippet.code)
}

function execute(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, encoding: 'utf8' }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ exitCode, output: `${stdout}${stderr}` })
    })
  })
}

/** The compiler's complaints about the written snippets, at their lines in the documents. */
export async function typeErrors(snippets: readonly Snippet[]): Promise<readonly string[]> {
  const { exitCode, output } = await execute(compiler, ['--project', folder, '--pretty', 'false'], folder)
  const errors = output
    .split('\n')
    .filter((text) => text.includes('error TS'))
    .map((text) => {
      const [, file, line, rest] = /^(.*)\((\d+),\d+\): (.*)$/.exec(text) ?? []
      const snippet = snippets.find((one) => file?.endsWith(fileOf(one)))
      return snippet === undefined ? text : `${snippet.document}:${snippet.line + Number(line) - 1}: ${rest}`
    })
  if (exitCode !== 0 && errors.length === 0) throw new Error(`tsc failed: ${output}`)
  return errors
}

/** Runs a written snippet with this Node, in an empty temporary folder. */
export async function runSnippet(snippet: Snippet): Promise<Outcome> {
  const empty = mkdtempSync(join(tmpdir(), 'mop-snippet-'))
  try {
    return await execute(process.execPath, [join(folder, fileOf(snippet))], empty)
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
}
