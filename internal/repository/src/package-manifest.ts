import { readText, repositoryFiles } from './repository.ts'

/** The parts of a package.json that the tests look at. */
export interface PackageManifest {
  readonly name: string
  readonly private?: boolean
  readonly license?: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface WorkspacePackage {
  /** Folder relative to the root: `packages/core`. */
  readonly folder: string
  readonly manifest: PackageManifest
}

export function readManifest(path: string): PackageManifest {
  return JSON.parse(readText(path))
}

/** Every package of the workspace, the root excepted. */
export function workspacePackages(): readonly WorkspacePackage[] {
  return repositoryFiles()
    .filter((path) => /^(?:(?:packages|apps|internal)\/[^/]+|benchmarks)\/package\.json$/.test(path))
    .map((path) => ({ folder: path.slice(0, -'/package.json'.length), manifest: readManifest(path) }))
}

export function publishedPackages(): readonly WorkspacePackage[] {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true)
}
