import { posix } from 'node:path'
import type { ModuleImport } from './module-imports.ts'

/** The folders of `packages/core/src`, lowest first. A folder imports only itself and folders above it here. */
const coreFolders: readonly string[] = [
  'errors',
  'files',
  'numeric',
  'random',
  'ports',
  'record',
  'exemplar',
  'persona',
  'prompt',
  'likelihood',
  'gate',
  'mixture',
  'fit',
  'sample',
  'simulate',
  'aggregate',
  'artifact',
  'testing',
]

const coreSource = 'packages/core/src/'

/** A file beside the folders: `index.ts`, or the entry of a subpath, named after it. */
function isEntry(file: string): boolean {
  return file.startsWith(coreSource) && !file.slice(coreSource.length).includes('/')
}

/** The folder of core that a file lies in, undefined outside the list. */
function folderOf(file: string): string | undefined {
  return coreFolders.find((folder) => file.startsWith(`${coreSource}${folder}/`))
}

export function isTest(file: string): boolean {
  return /\.test(?:-d)?\.tsx?$/.test(file)
}

/**
 * Files of core that lie in no folder of the list. Beside the folders stand only entries:
 * `index.ts` for `.`, and `name.ts` for a published `./name`.
 */
export function strayCoreFiles(files: readonly string[], subpaths: readonly string[]): readonly string[] {
  const entries = ['index', ...subpaths.map((subpath) => subpath.slice('./'.length))]
  return files.filter((file) => {
    if (!file.startsWith(coreSource)) return false
    return isEntry(file) ? !entries.includes(posix.basename(file, '.ts')) : folderOf(file) === undefined
  })
}

/** What is wrong with a relative import of core, or undefined. Tests may also use `testing/`. */
export function coreOrderViolation(found: ModuleImport): string | undefined {
  if (found.specifier === undefined || !found.specifier.startsWith('.')) return undefined
  const where = `${found.file}:${found.line} imports ${found.specifier}`
  const target = posix.join(posix.dirname(found.file), found.specifier)
  if (isEntry(target)) return `${where}: nothing inside core imports an entry`
  const from = folderOf(found.file)
  const to = folderOf(target)
  if (to === undefined) return `${where}, which is in no folder of core's list`
  if (from === undefined || (to === 'testing' && isTest(found.file))) return undefined
  if ((from === 'fit' && to === 'sample') || (from === 'sample' && to === 'fit')) {
    return `${where}: fit and sample never import each other`
  }
  if (coreFolders.indexOf(to) <= coreFolders.indexOf(from)) return undefined
  return `${where}: ${to}/ stands below ${from}/ in the list`
}
