import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { PackageManifest } from '../src/package-manifest.ts'
import { publishedPackages } from '../src/package-manifest.ts'
import { readText, root } from '../src/repository.ts'

export interface InstalledTarball {
  readonly manifest: PackageManifest
  /** Size of the packed file in bytes. */
  readonly size: number
  /** Where it was installed. */
  readonly folder: string
  /** Its files, relative to `folder`. */
  readonly files: readonly string[]
}

export interface TarballProject {
  readonly folder: string
  readonly tarballs: readonly InstalledTarball[]
  remove(): void
}

/** Optional peers whose types an entry names; the others are installed with the packages. */
const typedPeers = { '@llamaindex/workflow-core': '^1.3.0' }

/** The lines of a top-level key of a YAML file, itself included. */
function yamlSection(text: string, key: string): string {
  const [section] = new RegExp(`^${key}:\\n(?:[ \\t].*\\n?)*`, 'm').exec(text) ?? []
  if (section === undefined) throw new Error(`no ${key} in pnpm-workspace.yaml`)
  return section
}

/**
 * Packs every published package and installs the packed files, and nothing else of ours, into a fresh project outside
 * the repository, as a user would. Other dependencies come from the package registry or pnpm's store.
 */
export function installTarballs(): TarballProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mop-tarballs-')))
  const packed = join(folder, 'packed')
  mkdirSync(packed)
  const dependencies: Record<string, string> = {}
  for (const { folder: source, manifest } of publishedPackages()) {
    const before = new Set(readdirSync(packed))
    run('pnpm', ['pack', '--pack-destination', packed], join(root, source))
    const [file] = readdirSync(packed).filter((name) => !before.has(name))
    if (file === undefined) throw new Error(`pnpm pack wrote nothing for ${manifest.name}`)
    dependencies[manifest.name] = `file:${join(packed, file)}`
  }
  const project = {
    private: true,
    type: 'module',
    dependencies: { ...dependencies, ...typedPeers, '@types/node': '^24.0.0' },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project))
  const settings = readText('pnpm-workspace.yaml')
  const overrides = Object.entries(dependencies).map(([name, file]) => `  '${name}': '${file}'\n`)
  writeFileSync(
    join(folder, 'pnpm-workspace.yaml'),
    [
      `overrides:\n${overrides.join('')}`,
      'pmOnFail: ignore\n',
      yamlSection(settings, 'allowBuilds'),
      yamlSection(settings, 'ignoredOptionalDependencies'),
    ].join('\n'),
  )
  run('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], folder)
  return {
    folder,
    tarballs: publishedPackages().map(({ manifest: { name } }) =>
      describeTarball(folder, name, dependencies[name]),
    ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function describeTarball(project: string, name: string, source: string | undefined): InstalledTarball {
  if (source === undefined) throw new Error(`${name} was not packed`)
  const folder = realpathSync(join(project, 'node_modules', name))
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.startsWith('node_modules/'))
  const manifest: PackageManifest = JSON.parse(readText(relative(root, join(folder, 'package.json'))))
  return { manifest, size: statSync(source.slice('file:'.length)).size, folder, files }
}
