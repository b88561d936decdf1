import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from '../errors/config-error.ts'
import { reasonOf } from '../errors/file-error.ts'
import { checkConfig, type MopConfig } from './config-schema.ts'

const names = [
  'mop.config.ts',
  'mop.config.mts',
  'mop.config.js',
  'mop.config.mjs',
  'mop.config.json',
] as const

export interface LoadedConfig {
  readonly config: MopConfig
  /** Where it was found; undefined where there is none. */
  readonly file: string | undefined
}

/**
 * The configuration of a folder, or of the file given. A TypeScript file is imported as it is (types are stripped by Node).
 * @throws ConfigError naming file and field.
 */
export async function loadConfig(folder: string, given?: string): Promise<LoadedConfig> {
  const path = given === undefined ? found(folder) : resolve(folder, given)
  if (path === undefined) return { config: {}, file: undefined }
  const file = relative(folder, path) || path
  if (!existsSync(path)) {
    throw new ConfigError({
      file,
      problem: 'there is no such file.',
      remedy: 'Check the path after --config.',
    })
  }
  const checked = checkConfig(await contentOf(path, file))
  if ('config' in checked) return { config: checked.config, file }
  const { field, problem } = checked.issue
  throw new ConfigError({
    file,
    ...(field !== undefined && { field }),
    problem: `${problem}.`,
    remedy:
      'The options and their values are those of `mop fit --help`, `mop simulate --help` and `mop serve --help`.',
  })
}

function found(folder: string): string | undefined {
  const present = names.filter((name) => existsSync(join(folder, name)))
  const [first, second] = present
  if (first !== undefined && second !== undefined) {
    throw new ConfigError({
      file: first,
      problem: `${second} stands beside it.`,
      remedy: 'Keep one of them, or name the one to use with --config.',
    })
  }
  return first === undefined ? undefined : join(folder, first)
}

async function contentOf(path: string, file: string): Promise<unknown> {
  try {
    if (extname(path) === '.json') return JSON.parse(await readFile(path, 'utf8')) as unknown
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    if (module.default !== undefined) return module.default
  } catch (cause) {
    const missing = notFound(cause)
    if (missing !== undefined) throw unresolvableImport(file, missing, cause)
    throw new ConfigError({
      file,
      problem: `it cannot be read (${reasonOf(cause)}).`,
      remedy: 'Correct it, or name another file with --config.',
      cause,
    })
  }
  throw new ConfigError({
    file,
    problem: 'it has no default export.',
    remedy: 'Write `export default { … }`.',
  })
}

/** What an import names that Node cannot find: a package, or the path of a file. */
function notFound(cause: unknown): { kind: 'package' | 'module'; name: string } | undefined {
  if (!(cause instanceof Error) || Reflect.get(cause, 'code') !== 'ERR_MODULE_NOT_FOUND') return undefined
  const [, kind, name] = /^Cannot find (package|module) '([^']+)'/.exec(cause.message) ?? []
  return name === undefined ? undefined : { kind: kind as 'package' | 'module', name }
}

function unresolvableImport(
  file: string,
  { kind, name }: { kind: 'package' | 'module'; name: string },
  cause: unknown,
): ConfigError {
  if (kind === 'module') {
    return new ConfigError({
      file,
      problem: `it imports ${name}, which does not exist.`,
      remedy: 'Correct the import, or take it out.',
      cause,
    })
  }
  return new ConfigError({
    file,
    problem: `it imports ${name}, which is not installed where the file lies.`,
    remedy:
      name === '@mop/cli'
        ? 'Write `export default { … }` without the import (an `import type` may stay), or install it there: npm install --save-dev @mop/cli.'
        : `Install it there (npm install --save-dev ${name}), or take the import out.`,
    cause,
  })
}
