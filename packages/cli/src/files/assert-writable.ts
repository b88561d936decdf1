import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FileError } from '../errors/file-error.ts'

/**
 * Before hours of work: the place of an output is free or an ordinary file, and the folders above it are folders.
 * @throws FileError
 */
export async function assertWritable(path: string): Promise<void> {
  const found = await kindOf(path)
  if (found === 'other') {
    throw new FileError({
      path,
      problem: 'it is a folder or no ordinary file, and would have to be replaced.',
      remedy: 'Give the name of a file with -o.',
    })
  }
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const kind = await kindOf(folder)
    if (kind === 'other') return
    if (kind === 'file') {
      throw new FileError({
        path,
        problem: `${folder} is a file, not a folder.`,
        remedy: 'Give another place for the output.',
      })
    }
    if (folder === dirname(folder)) return
  }
}

async function kindOf(path: string): Promise<'none' | 'file' | 'other'> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other'
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'none'
    throw cause
  }
}
