import { ArtifactError, type LoadedMixture, loadMixture, type PopulationRecord } from '@mop/core'
import { FileError } from '../errors/file-error.ts'
import { readText } from './read-text.ts'
import { readPopulation, type ReadPopulationOptions } from './read-population.ts'

export interface ReadMixtureOptions {
  /** File of the records, needed where the mixture was saved without exemplar texts. */
  readonly records?: string | undefined
  /** How to read them. Default by their extension, with fields of the usual names. */
  readonly reading?: ReadPopulationOptions | undefined
  /** What to do where they are needed and missing. Default that of `@mop/core`: give --records. */
  readonly remedy?: string
  readonly signal?: AbortSignal
}

export async function readMixture(path: string, options: ReadMixtureOptions = {}): Promise<LoadedMixture> {
  const text = await readText(path)
  const records: readonly PopulationRecord[] | undefined =
    options.records === undefined
      ? undefined
      : (await readPopulation(options.records, options.reading ?? {})).records
  try {
    return await loadMixture(text, { file: path, ...(records !== undefined && { records }) })
  } catch (error) {
    const { remedy } = options
    if (
      remedy === undefined ||
      records !== undefined ||
      !(error instanceof ArtifactError) ||
      error.reason !== 'records-needed'
    )
      throw error
    throw new FileError({ path, problem: 'it was saved without exemplar texts.', remedy, cause: error })
  }
}
