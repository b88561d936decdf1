import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { moduleImports } from '../src/module-imports.ts'
import type { WorkspacePackage } from '../src/package-manifest.ts'
import { publishedPackages } from '../src/package-manifest.ts'
import { repositoryFiles, root } from '../src/repository.ts'
import { installProject, outsideFolder, packPackages } from './installed-tarballs.ts'
import { frameworkPeers, lowestPeers, lowestVersion } from './lowest-peers.ts'

/** Packages that stand between us and a framework: the workspace's own tests run them with the highest versions. */
const adapters = publishedPackages().filter(
  ({ manifest }) => Object.keys(frameworkPeers(manifest)).length > 0,
)
const folder = outsideFolder()
let packed: Readonly<Record<string, string>>

beforeAll(() => {
  packed = packPackages(join(folder, 'packed'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function installedVersion(project: string, name: string): string {
  return JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')).version
}

/** Tests of a package that import it by its own name, and nothing of its sources but what `src/testing` holds. */
function outsideTests({ folder: source, manifest }: WorkspacePackage): readonly string[] {
  return repositoryFiles()
    .filter(
      (file) => file.startsWith(`${source}/src/`) && /^[^/]+\.test\.ts$/.test(file.slice(source.length + 5)),
    )
    .filter((file) => {
      const specifiers = moduleImports(file).map(({ specifier = '' }) => specifier)
      const own = specifiers.some((one) => one === manifest.name || one.startsWith(`${manifest.name}/`))
      return own && specifiers.every((one) => !one.startsWith('.') || one.startsWith('./testing/'))
    })
}

/** The package's own development dependencies: peers at their lowest, others as in the workspace, ours as packed files. */
function testDependencies({ folder: source, manifest }: WorkspacePackage): Readonly<Record<string, string>> {
  const names = Object.keys(manifest.devDependencies ?? {}).filter(
    (name) => !name.startsWith('@mop-internal/') && !['tsdown', 'typescript'].includes(name),
  )
  const peers = lowestPeers(manifest)
  return Object.fromEntries(
    names.map((name) => [
      name,
      peers[name]?.specifier ?? packed[name] ?? installedVersion(join(root, source), name),
    ]),
  )
}

describe.each(adapters)('$manifest.name with the lowest versions of its peers', (adapter) => {
  const { folder: source, manifest } = adapter
  const peers = Object.entries(lowestPeers(manifest))
  const project = join(folder, basename(source))
  const tests = outsideTests(adapter)

  beforeAll(() => {
    mkdirSync(project)
    installProject(project, packed, {
      ...testDependencies(adapter),
      ...Object.fromEntries(peers.map(([name, { specifier }]) => [name, specifier])),
      '@mop/core': packed['@mop/core'] ?? '',
      [manifest.name]: packed[manifest.name] ?? '',
    })
    for (const file of [...tests, `${source}/src/testing`, `${source}/vitest.config.ts`]) {
      if (!existsSync(join(root, file))) continue
      cpSync(join(root, file), join(project, file.slice(source.length)), { recursive: true })
    }
  })

  it.each(peers)('%s is installed at that version', (name, { version }) => {
    expect(installedVersion(project, name)).toBe(version)
  })

  it('passes its own tests, from outside', { timeout: 600_000 }, () => {
    expect(tests.length).toBeGreaterThan(0)
    const { numPassedTests, numTotalTests, failures } = runTests(project)
    expect(failures).toEqual([])
    expect(numPassedTests).toBe(numTotalTests)
    expect(numPassedTests).toBeGreaterThan(5)
  })
})

interface Outcome {
  readonly numPassedTests: number
  readonly numTotalTests: number
  readonly failures: readonly string[]
}

function runTests(project: string): Outcome {
  const args = [
    join(project, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=json',
    '--outputFile=report.json',
  ]
  try {
    execFileSync(process.execPath, args, { cwd: project, stdio: 'ignore' })
  } catch (error) {
    if (!existsSync(join(project, 'report.json'))) throw error
  }
  const report = JSON.parse(readFileSync(join(project, 'report.json'), 'utf8'))
  const { numPassedTests, numTotalTests, testResults } = report
  const failures = testResults.flatMap(
    ({
      message,
      assertionResults,
    }: {
      message: string
      assertionResults: { failureMessages: string[] }[]
    }) => [
      ...(message === '' ? [] : [message]),
      ...assertionResults.flatMap(({ failureMessages }) => failureMessages),
    ],
  )
  return { numPassedTests, numTotalTests, failures }
}

describe('the lowest version of a range', () => {
  it.each([
    ['^1.2.13', '1.2.13'],
    ['^3.25.76 || ^4', '3.25.76'],
    ['^10 || ^9.1', '9.1.0'],
    ['>=5.0.2 <7', '5.0.2'],
    ['7.0.0-beta.3', '7.0.0-beta.3'],
  ])('%s is %s', (range, version) => {
    expect(lowestVersion(range)).toBe(version)
  })

  it('is refused where a range has none', () => {
    expect(() => lowestVersion('*')).toThrow('no lowest version in the range "*"')
  })
})

it('a peer whose earlier major is tested under an alias is there twice', () => {
  const manifest = {
    name: 'x',
    peerDependencies: { ai: '^6.1 || ^7', '@mop/core': '^1' },
    devDependencies: { ai: '^7.4', 'ai-v6': 'npm:ai@^6.3' },
  }
  expect(lowestPeers(manifest)).toEqual({
    'ai-v6': { version: '6.1.0', specifier: 'npm:ai@6.1.0' },
    ai: { version: '7.0.0', specifier: '7.0.0' },
  })
})
