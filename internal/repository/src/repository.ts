import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'

/** Absolute path of the repository's root. */
export const root: string = resolve(import.meta.dirname, '../../..')

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/**
 * Files that are tracked, or new and not ignored, relative to the root, with `/`, sorted.
 * Asks git; where there is no git or no clone (an archive, a bare container), walks the tree by `.gitignore`.
 */
export function repositoryFiles(): readonly string[] {
  return (filesByGit() ?? filesByWalk('')).toSorted()
}

function filesByGit(): readonly string[] | undefined {
  if (!existsSync(join(root, '.git'))) return undefined
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  try {
    const listed = execFileSync('git', ['-c', 'safe.directory=*', ...list], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return undefined
    throw error
  }
}

/** Understands what our `.gitignore` uses: names of folders (`dist/`) and endings (`*.tgz`), at any depth. */
export function filesByWalk(folder: string): readonly string[] {
  const patterns = readText('.gitignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const ignored = (name: string, isFolder: boolean): boolean =>
    name === '.git' ||
    patterns.some((pattern) =>
      pattern.startsWith('*')
        ? name.endsWith(pattern.slice(1))
        : pattern === name || (isFolder && pattern === `${name}/`),
    )
  const visit = (at: string): readonly string[] =>
    readdirSync(join(root, at), { withFileTypes: true })
      .filter((entry) => !ignored(entry.name, entry.isDirectory()))
      .flatMap((entry) => {
        const path = posix.join(at, entry.name)
        return entry.isDirectory() ? visit(path) : [path]
      })
  return visit(folder)
}
