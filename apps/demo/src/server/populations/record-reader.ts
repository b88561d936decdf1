import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { ProblemError } from '../http/problem-error.ts'
import type { PopulationFacts } from './population-facts.ts'
import type { RecordReading, RecordsRead } from './record-reading.ts'

/** What reading one file may take. */
export interface ReadingLimits {
  readonly milliseconds: number
  readonly megabytes: number
}

const usualLimits: ReadingLimits = { milliseconds: 30_000, megabytes: 512 }

/**
 * Reads uploads one after the other in a thread of its own: a file of a few kB can hold millions of rows or columns, and must
 * neither stop the server nor end it.
 */
export class RecordReader {
  readonly #limits: ReadingLimits
  #last: Promise<unknown> = Promise.resolve()

  constructor(limits: Partial<ReadingLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits }
  }

  /** @throws ProblemError naming line and field, or 422 for a file that takes too long or too much memory. */
  facts(reading: RecordReading): Promise<PopulationFacts> {
    const facts = this.#last.then(() => factsOf(reading, this.#limits))
    this.#last = facts.catch(() => undefined)
    return facts
  }
}

async function factsOf(reading: RecordReading, limits: ReadingLimits): Promise<PopulationFacts> {
  const worker = new Worker(new URL('./record-reading.ts', import.meta.url), {
    workerData: reading,
    resourceLimits: { maxOldGenerationSizeMb: limits.megabytes },
    execArgv: [],
  })
  const over = new AbortController()
  const tooLong = setTimeout(limits.milliseconds, 'too long' as const, { signal: over.signal })
  tooLong.catch(() => undefined)
  try {
    const read = await Promise.race([messageOf(worker), tooLong])
    if (read === 'too long' || read === 'too much memory') {
      throw new ProblemError(422, {
        message: `${JSON.stringify(reading.name)} takes ${read === 'too long' ? 'too long' : 'too much memory'} to read.`,
        remedy: 'Give a part of it: fewer rows, and only the columns that are needed.',
      })
    }
    if ('facts' in read) return read.facts
    throw new ProblemError(read.status, read.problem)
  } finally {
    over.abort()
    await worker.terminate()
  }
}

function messageOf(worker: Worker): Promise<RecordsRead | 'too much memory'> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.on('error', (error: Error) => {
      if (Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY') resolve('too much memory')
      else reject(error)
    })
    worker.once('exit', (code) => reject(new Error(`The thread that reads uploads ended with ${code}.`)))
  })
}
