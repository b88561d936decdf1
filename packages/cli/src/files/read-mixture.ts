import { type LoadedMixture, loadMixture, type PopulationRecord } from '@mop/core'
import { readText } from './read-text.ts'
import { readPopulation } from './read-population.ts'

export interface ReadMixtureOptions {
  /** File of the records, needed where the mixture was saved without exemplar texts. */
  readonly records?: string | undefined
  readonly signal?: AbortSignal
}

export async function readMixture(path: string, options: ReadMixtureOptions = {}): Promise<LoadedMixture> {
  const text = await readText(path)
  const records: readonly PopulationRecord[] | undefined =
    options.records === undefined ? undefined : (await readPopulation(options.records, {})).records
  return loadMixture(text, { file: path, ...(records !== undefined && { records }) })
}
