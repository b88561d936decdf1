import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Absolute path of the repository's root. */
export const root: string = resolve(import.meta.dirname, '../../..')

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Files that are tracked, or new and not ignored, relative to the root, with `/`. */
export function repositoryFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .toSorted()
}
