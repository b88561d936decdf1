import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coreOrderViolation, isTest, strayCoreFiles } from './core-layout.ts'
import { moduleImports } from './module-imports.ts'
import { packageName } from './package-boundaries.ts'
import { readManifest } from './package-manifest.ts'
import { repositoryFiles } from './repository.ts'

const files = repositoryFiles().filter((file) => /^packages\/core\/src\/.*\.ts$/.test(file))
const imports = files.flatMap((file) => moduleImports(file))
const manifest = readManifest('packages/core/package.json')

describe('the folders of core', () => {
  it('are those of the list', () => {
    expect(files.length).toBeGreaterThan(0)
    expect(strayCoreFiles(files, Object.keys(manifest.exports ?? {}))).toEqual([])
  })

  it('import only folders above them', () => {
    expect(imports.flatMap((found) => coreOrderViolation(found) ?? [])).toEqual([])
  })

  it.each([
    ['gate/gate.ts', '../fit/fit.ts', 'fit/ stands below gate/'],
    ['sample/draw.ts', '../fit/fit.ts', 'never import each other'],
    ['fit/fit.ts', '../sample/draw.ts', 'never import each other'],
    ['fit/fit.ts', '../utils/array.ts', 'no folder of core'],
    ['fit/fit.ts', '../index.ts', 'imports an entry'],
    ['fit/fit.ts', '../../../local/src/index.ts', 'no folder of core'],
    ['fit/fit.ts', '../testing/fake-scorer.ts', 'testing/ stands below fit/'],
  ])('are told of %s importing %s', (file, specifier, message) => {
    expect(coreOrderViolation({ file: `packages/core/src/${file}`, line: 1, specifier })).toContain(message)
  })

  it.each([
    ['fit/fit.ts', '../gate/gate.ts'],
    ['fit/fit.ts', './objective.ts'],
    ['fit/fit.test.ts', '../testing/fake-scorer.ts'],
    ['index.ts', './fit/fit.ts'],
  ])('let %s import %s', (file, specifier) => {
    expect(coreOrderViolation({ file: `packages/core/src/${file}`, line: 1, specifier })).toBeUndefined()
  })

  it('tell a file outside the list', () => {
    const some = ['index.ts', 'node.ts', 'utils.ts', 'misc/node.ts', 'fit/fit.ts']
    const stray = strayCoreFiles(
      some.map((file) => `packages/core/src/${file}`),
      ['.', './node'],
    )
    expect(stray).toEqual(['packages/core/src/utils.ts', 'packages/core/src/misc/node.ts'])
  })

  it('hold no barrel', () => {
    const entries = ['packages/core/src/index.ts', 'packages/core/src/testing/index.ts']
    expect(files.filter((file) => file.endsWith('/index.ts') && !entries.includes(file))).toEqual([])
  })
})

describe('what core needs', () => {
  it('is declared: dependencies for sources, devDependencies too for tests', () => {
    const undeclared = imports.filter(({ file, specifier }) => {
      if (specifier === undefined) return true
      if (specifier.startsWith('.') || isBuiltin(specifier)) return false
      return !(
        packageName(specifier) in
        { ...manifest.dependencies, ...(isTest(file) ? manifest.devDependencies : {}) }
      )
    })
    expect(undeclared).toEqual([])
  })

  it('is nothing of Node for the root entry', () => {
    const reached = reachableFrom('packages/core/src/index.ts')
    const builtins = imports.filter(
      ({ file, specifier }) => reached.has(file) && specifier !== undefined && isBuiltin(specifier),
    )
    expect(reached.size).toBeGreaterThan(10)
    expect(builtins).toEqual([])
  })
})

/** Files of core that a file imports, itself included, through any number of steps. */
function reachableFrom(entry: string): ReadonlySet<string> {
  const reached = new Set([entry])
  for (const file of reached) {
    for (const found of imports) {
      if (found.file !== file || found.specifier?.startsWith('.') !== true) continue
      reached.add(posix.join(posix.dirname(file), found.specifier))
    }
  }
  return reached
}
