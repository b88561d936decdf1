import { readFile } from 'node:fs/promises'
import { FileError, reasonOf } from '../errors/file-error.ts'

/** @throws FileError */
export async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new FileError({
      path,
      problem: `it cannot be read (${reasonOf(cause)}).`,
      remedy: 'Check the path.',
      cause,
    })
  }
}
