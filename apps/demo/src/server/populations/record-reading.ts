import type { Problem } from '../../api-contract.ts'
import { type FoundProblem, problemOf } from '../http/problem-of.ts'
import { ProblemError } from '../http/problem-error.ts'
import { limits } from '../limits.ts'
import { type PopulationFacts, populationFacts } from './population-facts.ts'
import { readRecordBytes, type RecordFile } from './record-file.ts'

/** What the process that reads an upload is given. */
export interface RecordReading extends Omit<RecordFile, 'paths'> {
  readonly bytes: Uint8Array
}

/** What it found. */
export type RecordsRead =
  | { readonly facts: PopulationFacts }
  | { readonly problem: Problem; readonly status: FoundProblem['status']; readonly internal: boolean }

async function read({ bytes, name, format }: RecordReading): Promise<RecordsRead> {
  try {
    const loaded = await readRecordBytes(bytes, { name, format })
    if (loaded.records.length > limits.records) {
      throw new ProblemError(422, {
        message: `${JSON.stringify(name)} holds ${loaded.records.length} records; ${limits.records} are the most here.`,
        remedy: 'Give a part of them, or fit with `mop fit`.',
      })
    }
    return { facts: populationFacts(loaded) }
  } catch (error) {
    const found = problemOf(error, [])
    if (found.internal) console.error(error)
    return found
  }
}

process.once('message', (record: RecordReading) => {
  void read(record).then((found) => process.send?.(found))
})
// The server has ended.
process.once('disconnect', () => process.exit())
