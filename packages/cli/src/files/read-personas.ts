import { givenPersonas, MopError, type Persona } from '@mop/core'
import { FileError } from '../errors/file-error.ts'
import { readText } from './read-text.ts'

/**
 * Personas from a JSON file: a list of texts, or of `{ "id", "text" }`, as `mop personas synthesise` writes them.
 * @throws FileError naming the file and the persona.
 */
export async function readPersonas(path: string): Promise<readonly Persona[]> {
  const text = await readText(path)
  try {
    return givenPersonas(text)
  } catch (cause) {
    if (!MopError.isInstance(cause)) throw cause
    throw new FileError({ path, problem: cause.message, remedy: `It is read as JSON personas.`, cause })
  }
}
