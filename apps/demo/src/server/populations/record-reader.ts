import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ProblemError } from '../http/problem-error.ts'
import type { PopulationFacts } from './population-facts.ts'
import type { RecordReading, RecordsRead } from './record-reading.ts'

/** What reading one file may take. */
export interface ReadingLimits {
  readonly milliseconds: number
  readonly megabytes: number
}

const usualLimits: ReadingLimits = { milliseconds: 30_000, megabytes: 512 }

const reading = fileURLToPath(new URL('./record-reading.ts', import.meta.url))

/**
 * Reads uploads one after the other in a process of its own: a file of a few kB can hold millions of rows or columns, and must
 * neither stop the server nor end it. A thread would not do: where its heap is full, Node may end them all.
 */
export class RecordReader {
  readonly #limits: ReadingLimits
  #last: Promise<unknown> = Promise.resolve()

  constructor(limits: Partial<ReadingLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits }
  }

  /** @throws ProblemError naming line and field, or 422 for a file that takes too long or too much memory. */
  facts(record: RecordReading): Promise<PopulationFacts> {
    const facts = this.#last.then(() => factsOf(record, this.#limits))
    this.#last = facts.catch(() => undefined)
    return facts
  }
}

async function factsOf(record: RecordReading, limits: ReadingLimits): Promise<PopulationFacts> {
  const child = fork(reading, {
    execArgv: [`--max-old-space-size=${limits.megabytes}`],
    // It needs none of the server's keys.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const over = new AbortController()
  const tooLong = setTimeout(limits.milliseconds, 'too long' as const, { signal: over.signal })
  tooLong.catch(() => undefined)
  try {
    const read = await Promise.race([messageOf(child, record), tooLong])
    if (read === 'too long' || read === 'too much memory') {
      throw new ProblemError(422, {
        message: `${JSON.stringify(record.name)} takes ${read === 'too long' ? 'too long' : 'too much memory'} to read.`,
        remedy: 'Give a part of it: fewer rows, and only the columns that are needed.',
      })
    }
    if ('facts' in read) return read.facts
    throw new ProblemError(read.status, read.problem)
  } finally {
    over.abort()
    child.kill('SIGKILL')
  }
}

/** What Node says before it ends a process whose heap is full. */
const heapIsFull = /heap out of memory|heap limit/i
/** Characters of what a process has to say that are kept. */
const mostSaid = 10_000

function messageOf(child: ChildProcess, record: RecordReading): Promise<RecordsRead | 'too much memory'> {
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < mostSaid) said += text
  })
  return new Promise((resolve, reject) => {
    child.once('message', (read) => {
      // Faults of ours, which the page is not told about.
      if (said !== '') process.stderr.write(said)
      resolve(read as RecordsRead)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (heapIsFull.test(said)) resolve('too much memory')
      else reject(new Error(`The process that reads uploads ended with ${signal ?? code}. ${said}`))
    })
    child.send(record, (error) => {
      // Where it has ended before, `close` says why.
      if (error !== null && child.exitCode === null && child.signalCode === null) reject(error)
    })
  })
}
