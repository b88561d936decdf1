import { type LoadedMixture, loadMixture, type PopulationRecord } from '@mop/core'
import { readText } from './read-text.ts'
import { readPopulation, type ReadPopulationOptions } from './read-population.ts'

export interface ReadMixtureOptions {
  /** File of the records, needed where the mixture was saved without exemplar texts. */
  readonly records?: string | undefined
  /** How to read them. Default by their extension, with fields of the usual names. */
  readonly reading?: ReadPopulationOptions | undefined
  readonly signal?: AbortSignal
}

export async function readMixture(path: string, options: ReadMixtureOptions = {}): Promise<LoadedMixture> {
  const text = await readText(path)
  const records: readonly PopulationRecord[] | undefined =
    options.records === undefined
      ? undefined
      : (await readPopulation(options.records, options.reading ?? {})).records
  return loadMixture(text, { file: path, ...(records !== undefined && { records }) })
}
