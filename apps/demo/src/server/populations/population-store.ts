import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { writeAtomically } from '../files/write-atomically.ts'
import { ProblemError } from '../http/problem-error.ts'
import { mostUploads } from '../limits.ts'
import { Population } from './population.ts'
import { populationFacts } from './population-facts.ts'
import { formatOfName, readRecordFile } from './record-file.ts'
import { RecordReader } from './record-reader.ts'
import { societyFiles, societyNotes, societyPersonas } from './society.ts'
import { uploadName } from './upload-name.ts'

const uploadSchema = v.object({
  mop: v.literal('population'),
  version: v.literal(1),
  name: v.string(),
  uploaded: v.number(),
})

const shippedId = 'society'
const idPattern = /^p-[0-9a-f]{16}$/

/** The shipped population and the uploaded ones, which lie in a folder and are found there again. */
export class PopulationStore {
  readonly #folder: string
  readonly #populations = new Map<string, Population>()
  readonly #reader = new RecordReader()
  #uploading = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** @param onUnreadable Told of a folder that holds no population that can be read; it is left alone. */
  static async open(folder: string, onUnreadable: (message: string) => void): Promise<PopulationStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const store = new PopulationStore(folder)
    await store.#addShipped()
    const uploads = (await readdir(folder)).filter((name) => idPattern.test(name))
    const found: { readonly population: Population; readonly uploaded: number }[] = []
    for (const id of uploads) {
      try {
        found.push(await store.#readUpload(id))
      } catch (error) {
        onUnreadable(`${join(folder, id)}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    for (const { population } of found.toSorted((a, b) => a.uploaded - b.uploaded)) {
      store.#populations.set(population.id, population)
    }
    return store
  }

  /** The shipped one first, then uploaded ones, newest last. */
  list(): readonly Population[] {
    return [...this.#populations.values()]
  }

  /** @throws ProblemError 404 */
  get(id: string): Population {
    const population = this.#populations.get(id)
    if (population !== undefined) return population
    throw new ProblemError(404, {
      message: `There is no population ${JSON.stringify(id.slice(0, 40))}.`,
      remedy: 'It may have been deleted: choose another one.',
    })
  }

  /** @throws RecordError naming line and field; ProblemError 409 where there are too many, 422 for the wrong kind of file. */
  async add(givenName: string, bytes: Uint8Array): Promise<Population> {
    if (this.#populations.size - 1 + this.#uploading >= mostUploads) {
      throw new ProblemError(409, {
        message: `There are ${mostUploads} uploaded populations already.`,
        remedy: 'Delete one first.',
      })
    }
    this.#uploading += 1
    try {
      return await this.#write(uploadName(givenName), bytes)
    } finally {
      this.#uploading -= 1
    }
  }

  /**
   * @param forget Ends what still works on it, before its folder goes.
   * @throws ProblemError 404, or 409 for the shipped one.
   */
  async remove(id: string, forget: (population: Population) => Promise<void>): Promise<void> {
    const population = this.get(id)
    if (population.shipped !== undefined) {
      throw new ProblemError(409, {
        message: 'The shipped population cannot be deleted.',
        remedy: 'Delete one of your own.',
      })
    }
    population.markRemoved()
    this.#populations.delete(id)
    await forget(population)
    await rm(population.folder, { recursive: true, force: true })
  }

  async #write(name: string, bytes: Uint8Array): Promise<Population> {
    const format = formatOfName(name)
    const facts = await this.#reader.facts({ bytes, name, format })
    const id = `p-${randomBytes(8).toString('hex')}`
    const folder = join(this.#folder, id)
    const path = join(folder, 'records')
    const file = { paths: [path], name, format }
    try {
      await writeAtomically(path, bytes)
      // Last: without it the folder is not a population.
      const entry = { mop: 'population', version: 1, name, uploaded: Date.now() }
      await writeAtomically(join(folder, 'population.json'), `${JSON.stringify(entry)}\n`)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    const population = new Population({ id, folder, file, facts })
    this.#populations.set(id, population)
    return population
  }

  async #addShipped(): Promise<void> {
    const paths = [societyFiles.survey, societyFiles.records]
    const file = { paths, name: 'society', format: 'jsonl' } as const
    const facts = populationFacts(await readRecordFile(file))
    const population = new Population({
      id: shippedId,
      folder: join(this.#folder, shippedId),
      file,
      facts: { ...facts, notes: [...societyNotes, ...facts.notes] },
      shipped: { personas: await societyPersonas(), mixture: societyFiles.mixture },
    })
    this.#populations.set(population.id, population)
  }

  async #readUpload(id: string): Promise<{ population: Population; uploaded: number }> {
    const folder = join(this.#folder, id)
    const entry: unknown = JSON.parse(await readFile(join(folder, 'population.json'), 'utf8'))
    const { name, uploaded } = v.parse(uploadSchema, entry)
    const file = { paths: [join(folder, 'records')], name, format: formatOfName(name) }
    const facts = populationFacts(await readRecordFile(file))
    return { population: new Population({ id, folder, file, facts }), uploaded }
  }
}
