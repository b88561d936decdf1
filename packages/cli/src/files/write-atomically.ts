import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FileError, reasonOf } from '../errors/file-error.ts'

/**
 * Writes a whole file or none of it: into a new file beside it, which then takes its name.
 * @throws FileError
 */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new FileError({
      path,
      problem: `it cannot be written (${reasonOf(cause)}).`,
      remedy: 'Give another place for the output.',
      cause,
    })
  }
}
