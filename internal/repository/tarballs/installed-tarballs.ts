import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { PackageManifest } from '../src/package-manifest.ts'
import { publishedPackages } from '../src/package-manifest.ts'
import { readText, root } from '../src/repository.ts'
import { frameworkPeers } from './lowest-peers.ts'

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

/** The lines of a top-level key of a YAML file, itself included. */
function yamlSection(text: string, key: string): string {
  const [section] = new RegExp(`^${key}:\\n(?:[ \\t].*\\n?)*`, 'm').exec(text) ?? []
  if (section === undefined) throw new Error(`no ${key} in pnpm-workspace.yaml`)
  return section
}

/** Packs every published package. @returns name -> `file:` specifier of the packed file. */
export function packPackages(destination: string): Readonly<Record<string, string>> {
  mkdirSync(destination)
  const dependencies: Record<string, string> = {}
  for (const { folder: source, manifest } of publishedPackages()) {
    const before = new Set(readdirSync(destination))
    run('pnpm', ['pack', '--pack-destination', destination], join(root, source))
    const [file] = readdirSync(destination).filter((name) => !before.has(name))
    if (file === undefined) throw new Error(`pnpm pack wrote nothing for ${manifest.name}`)
    dependencies[manifest.name] = `file:${join(destination, file)}`
  }
  return dependencies
}

/** Makes a project outside the repository, as a user would, where our packages are the packed files and nothing else. */
export function installProject(
  folder: string,
  packed: Readonly<Record<string, string>>,
  dependencies: Readonly<Record<string, string>>,
): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  const settings = readText('pnpm-workspace.yaml')
  const overrides = Object.entries(packed).map(([name, file]) => `  '${name}': '${file}'\n`)
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
}

/** A new folder outside the repository. */
export function outsideFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'mop-tarballs-')))
}

/**
 * Packs every published package and installs the packed files into a fresh project outside the repository, with the frameworks that they
 * are peers of. Other dependencies come from the package registry or pnpm's store.
 */
export function installTarballs(): TarballProject {
  const folder = outsideFolder()
  const packed = packPackages(join(folder, 'packed'))
  const peers = publishedPackages().map(({ manifest }) => frameworkPeers(manifest))
  installProject(folder, packed, Object.assign({}, ...peers, packed, { '@types/node': '^24.0.0' }))
  return {
    folder,
    tarballs: publishedPackages().map(({ manifest: { name } }) =>
      describeTarball(folder, name, packed[name]),
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
