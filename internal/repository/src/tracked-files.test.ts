import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { readText, repositoryFiles, root } from './repository.ts'

const files = repositoryFiles()
const model = /^packages\/local\/model\/.*\.gguf$/
const binary = /\.(?:gguf|png|jpg|parquet|bin|gz)$/
const generated = new Set(['pnpm-lock.yaml'])

// Joined, so that this file does not hold what it looks for.
const machinePaths = ['work', 'farm', 'home', 'Users', 'root', 'tmp/tc'].map((folder) => `/${folder}/`)

/** Absolute paths of somebody's machine in a text, with their lines. */
function machinePathsIn(text: string): readonly string[] {
  const pattern = new RegExp(
    `(?:^|[^\\w.~*)\\]}-])(?:${machinePaths.join('|')})[\\w.]+|\\b[A-Z]:\\\\Users\\\\`,
  )
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${index + 1}: ${line.trim()}`] : []))
}

interface Marks {
  /** Comments that put something off. */
  readonly promises: readonly string[]
  /** Calls of a test function's member that leaves tests out. */
  readonly leftOut: readonly string[]
}

/** What a TypeScript file puts off or leaves out. */
function marksIn(file: string, source: string): Marks {
  const { comments, program } = parseSync(file, source)
  const promises = comments
    .filter(({ value }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(value))
    .map(({ value }) => value.trim())
  const leftOut: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const member = node as { type?: string; object?: { name?: string }; property?: { name?: string } }
    const { object, property } = member
    if (
      member.type === 'MemberExpression' &&
      ['it', 'test', 'describe', 'suite', 'bench'].includes(object?.name ?? '') &&
      ['skip', 'only', 'todo', 'fails'].includes(property?.name ?? '')
    ) {
      leftOut.push(`${object?.name}.${property?.name}`)
    }
    Object.values(node).forEach(visit)
  }
  visit(program.body)
  return { promises, leftOut }
}

describe('tracked files', () => {
  it('are there', () => {
    expect(files).toContain('package.json')
  })

  it('are at most 2 MB each, the model excepted, which is at most 12', () => {
    const limitOf = (file: string): number => (model.test(file) ? 12e6 : 2e6)
    expect(files.filter((file) => statSync(join(root, file)).size > limitOf(file))).toEqual([])
  })

  it('name no path of a machine', () => {
    const found = files
      .filter((file) => !binary.test(file) && !generated.has(file))
      .flatMap((file) => machinePathsIn(readText(file)).map((line) => `${file}:${line}`))
    expect(found).toEqual([])
  })

  it('put nothing off and leave no test out', () => {
    const found = files
      .filter((file) => /\.[mc]?tsx?$/.test(file))
      .map((file) => ({ file, ...marksIn(file, readText(file)) }))
      .filter(({ promises, leftOut }) => promises.length + leftOut.length > 0)
    expect(found).toEqual([])
  })
})

describe('source files', () => {
  const sources = files.filter((file) => /^(?:packages|apps|internal)\/.*\.[mc]?tsx?$/.test(file))

  it('are named in kebab-case', () => {
    const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.[mc]?tsx?$/
    expect(sources.filter((file) => !kebab.test(basename(file)))).toEqual([])
  })

  it('are no drawers for odds and ends', () => {
    const drawers = /^(?:utils?|helpers?|types|common|misc|shared|constants)\./
    expect(sources.filter((file) => drawers.test(basename(file)))).toEqual([])
  })
})

describe('the searches', () => {
  it.each(machinePaths)('find a path under %s', (folder) => {
    expect(machinePathsIn(`first\nconst path = '${folder}somebody/x'`)).toHaveLength(1)
  })

  it('pass over relative paths and addresses', () => {
    const [, , home = ''] = machinePaths
    expect(machinePathsIn(`docs${home}page and https://example.org${home}page and /v1/models`)).toEqual([])
  })

  it('find a promise in a comment and a test left out, not the words in a string', () => {
    const promise = ['TO', 'DO'].join('')
    const source = `// ${promise}: later\nit.skip('x', () => {})\nconst text = 'it.only ${promise}'\n`
    expect(marksIn('x.ts', source)).toEqual({ promises: [`${promise}: later`], leftOut: ['it.skip'] })
  })
})
