import { describe, expect, it } from 'vitest'
import { moduleImports } from './module-imports.ts'
import { boundaryViolation, unlistedPackages } from './package-boundaries.ts'
import type { WorkspacePackage } from './package-manifest.ts'
import { workspacePackages } from './package-manifest.ts'
import { repositoryFiles } from './repository.ts'

const packages = workspacePackages()
const files = repositoryFiles().filter((file) => /\.tsx?$/.test(file))

describe.each(packages)('$folder', (one) => {
  it('imports what it declares, through published entries, in the allowed direction', () => {
    const own = files.filter((file) => file.startsWith(`${one.folder}/`))
    const violations = own
      .flatMap((file) => moduleImports(file))
      .flatMap((found) => boundaryViolation(found, one, packages) ?? [])
    expect(violations).toEqual([])
  })
})

describe('the rules', () => {
  const declare = (name: string, dependencies: readonly string[]): WorkspacePackage => ({
    folder: `packages/${name}`,
    manifest: {
      name: `@mop/${name}`,
      exports: { '.': {}, './readers': {} },
      dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, 'workspace:^'])),
    },
  })
  const all = ['@mop/core', '@mop/local', '@mop/openai', '@mop/langchain', '@mop/cli', 'node-llama-cpp']
  const fixtures = ['core', 'local', 'openai', 'langchain', 'cli', 'unknown'].map((name) =>
    declare(name, all),
  )
  const judge = (name: string, specifier: string, from = 'x.ts'): string | undefined => {
    const importer = fixtures.find(({ folder }) => folder === `packages/${name}`)
    if (importer === undefined) throw new Error(`no fixture ${name}`)
    const file = `packages/${name}/src/${from}`
    return boundaryViolation({ file, line: 1, specifier }, importer, fixtures)
  }

  it.each([
    ['local', '@mop/cli', 'nothing imports the CLI'],
    ['core', '@mop/local', 'may not depend'],
    ['langchain', '@mop/openai', 'may not depend'],
    ['langchain', '@mop/local', 'may not depend'],
    ['unknown', '@mop/core', 'may not depend'],
    ['langchain', '@mop/core/readers', "only core's root entry"],
    ['cli', '@mop/core/src/index.ts', 'no published entry'],
    ['cli', 'node-llama-cpp', 'belongs to @mop/local'],
    ['cli', '../../core/src/index.ts', 'outside its package'],
    ['cli', 'left-pad', 'does not declare'],
  ])('refuse %s importing %s', (name, specifier, message) => {
    expect(judge(name, specifier)).toContain(message)
  })

  it.each([
    ['local', '@mop/core'],
    ['local', 'node-llama-cpp'],
    ['cli', '@mop/core/readers'],
    ['langchain', '@mop/core'],
    ['cli', './table.ts'],
    ['cli', 'node:fs'],
  ])('let %s import %s', (name, specifier) => {
    expect(judge(name, specifier)).toBeUndefined()
  })

  it("let an adapter's tests run on the embedded engine, and no other package of ours", () => {
    expect(judge('langchain', '@mop/local', 'x.test.ts')).toBeUndefined()
    expect(judge('langchain', '@mop/core/readers', 'x.test.ts')).toBeUndefined()
    expect(judge('langchain', '@mop/cli', 'x.test.ts')).toContain('nothing imports the CLI')
  })

  it('name every published package', () => {
    expect(unlistedPackages(packages)).toEqual([])
    expect(unlistedPackages(fixtures)).toEqual(['@mop/unknown'])
  })
})
