import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ModelFileError } from '../errors/model-file-error.ts'
import { digestFile } from './file-digest.ts'

/** Path of the model that the package ships. The same relative path holds from `src/engine` and from the bundled `dist`. */
export function shippedModelPath(): string {
  const fromSource = import.meta.url.includes('/src/engine/')
  return fileURLToPath(new URL(fromSource ? `../../${shippedModel}` : `../${shippedModel}`, import.meta.url))
}

const shippedModel = 'model/mop-society-v1.gguf'

/**
 * Checks that a file can be a GGUF model and names it: file name and the first 12 hexadecimal digits of the SHA-256 of
 * what `digestFile` reads.
 * @throws ModelFileError
 */
export async function identifyModelFile(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new ModelFileError({
      path,
      problem: 'cannot be opened',
      remedy: 'Give the path of a GGUF file.',
      cause,
    })
  })
  try {
    const information = await handle.stat()
    if (!information.isFile())
      throw new ModelFileError({ path, problem: 'is not a file', remedy: 'Give the path of a GGUF file.' })
    const { size } = information
    const magic = Buffer.alloc(4)
    await handle.read(magic, 0, 4, 0)
    if (magic.toString('latin1') !== 'GGUF') {
      throw new ModelFileError({
        path,
        problem: size === 0 ? 'is empty' : 'is not a GGUF file (it does not start with "GGUF")',
        remedy: 'Convert the model to GGUF, or download its GGUF file.',
      })
    }
    const hash = createHash('sha256')
    await digestFile(hash, handle, size)
    return `${basename(path)}@${hash.digest('hex').slice(0, 12)}`
  } finally {
    await handle.close()
  }
}
