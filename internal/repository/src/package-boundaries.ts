import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { isTest } from './core-layout.ts'
import type { ModuleImport } from './module-imports.ts'
import type { WorkspacePackage } from './package-manifest.ts'

const adapters: readonly string[] = ['openai', 'langchain', 'ai-sdk', 'llamaindex'].map(
  (name) => `@mop/${name}`,
)

/** Which of our packages each published package may import; one that is missing here is refused. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@mop/core': [],
  '@mop/local': ['@mop/core'],
  '@mop/eval': ['@mop/core'],
  '@mop/queue': ['@mop/core'],
  ...Object.fromEntries(adapters.map((name) => [name, ['@mop/core']])),
  '@mop/cli': ['@mop/core', '@mop/local', '@mop/eval', '@mop/queue', '@mop/openai'],
}

/** Engines that one package alone may import. */
const owners: Readonly<Record<string, string>> = { 'node-llama-cpp': '@mop/local', bullmq: '@mop/queue' }

/** `@scope/name/sub/path` -> `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Whether a file becomes part of what is published: `src/testing/` does only as the entry `./testing`. */
function isShipped(file: string, { folder, manifest }: WorkspacePackage): boolean {
  if (manifest.private === true || !file.startsWith(`${folder}/src/`) || isTest(file)) return false
  return !file.startsWith(`${folder}/src/testing/`) || './testing' in (manifest.exports ?? {})
}

/** What is wrong with an import of a package's own file, or undefined. */
export function boundaryViolation(
  found: ModuleImport,
  importer: WorkspacePackage,
  packages: readonly WorkspacePackage[],
): string | undefined {
  const { file, line, specifier } = found
  const { manifest, folder } = importer
  if (specifier === undefined || isBuiltin(specifier)) return undefined
  const where = `${file}:${line} imports ${specifier}`
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier)
    // A benchmark measures core's own parts, which users cannot import.
    const measured = folder === 'benchmarks' && target.startsWith('packages/core/src/')
    return measured || target.startsWith(`${folder}/`) ? undefined : `${where}, outside its package`
  }
  const name = packageName(specifier)
  const owner = owners[name]
  if (owner !== undefined && owner !== manifest.name) return `${where}: ${name} belongs to ${owner} alone`
  const shipped = isShipped(file, importer)
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...(shipped ? {} : manifest.devDependencies),
  }
  if (!(name in declared) && name !== manifest.name)
    return `${where}, which its package.json does not declare`
  const imported = packages.find((one) => one.manifest.name === name)
  if (imported === undefined || name === manifest.name) return undefined
  if (imported.manifest.private === true) return `${where}, a private package`
  const entry = `.${specifier.slice(name.length)}`
  const published = Object.keys(imported.manifest.exports ?? {})
  if (!published.some((one) => one === entry || (one.endsWith('/*') && entry.startsWith(one.slice(0, -1)))))
    return `${where}, which is no published entry`
  if (manifest.private === true) return undefined
  if (name === '@mop/cli') return `${where}: nothing imports the CLI`
  // An adapter's tests run on the embedded engine.
  const tested = adapters.includes(manifest.name) && name === '@mop/local' && isTest(file)
  if (!tested && !(allowed[manifest.name] ?? []).includes(name))
    return `${where}: ${manifest.name} may not depend on ${name}`
  if (adapters.includes(manifest.name) && entry !== '.' && shipped) {
    return `${where}: an adapter imports only core's root entry`
  }
  return undefined
}

/** Published packages about which the table of allowed dependencies says nothing. */
export function unlistedPackages(packages: readonly WorkspacePackage[]): readonly string[] {
  return packages
    .filter(({ manifest }) => manifest.private !== true && !(manifest.name in allowed))
    .map(({ manifest }) => manifest.name)
}
