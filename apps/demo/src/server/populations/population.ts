import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Persona, PopulationRecord } from '@mop/core'
import { ProblemError } from '../http/problem-error.ts'
import { type FittedMixture, readFittedMixture } from './fitted-mixture.ts'
import type { PopulationFacts } from './population-facts.ts'
import { type RecordFile, readRecordFile } from './record-file.ts'

interface PopulationParts {
  readonly id: string
  readonly folder: string
  readonly file: RecordFile
  readonly facts: PopulationFacts
  /** What comes with the shipped one. */
  readonly shipped?: { readonly personas: readonly Persona[]; readonly mixture: string } | undefined
}

/** Records, and what has been made of them. */
export class Population {
  readonly id: string
  /** Holds everything of it but what is shipped. */
  readonly folder: string
  readonly file: RecordFile
  readonly facts: PopulationFacts
  readonly shipped: PopulationParts['shipped']
  #removed = false
  #records: WeakRef<readonly PopulationRecord[]> | undefined
  #mixture: Promise<FittedMixture | undefined> | undefined

  constructor(parts: PopulationParts) {
    this.id = parts.id
    this.folder = parts.folder
    this.file = parts.file
    this.facts = parts.facts
    this.shipped = parts.shipped
  }

  /** From now on nothing may be written into its folder, which goes. */
  markRemoved(): void {
    this.#removed = true
  }

  /** @throws ProblemError 404 once it has been deleted. */
  assertThere(): void {
    if (!this.#removed) return
    throw new ProblemError(404, {
      message: `The population ${JSON.stringify(this.file.name)} has been deleted.`,
      remedy: 'Choose another one.',
    })
  }

  /** Where a fit from the page puts its mixture. */
  get fittedMixtureFile(): string {
    return join(this.folder, 'mixture.json')
  }

  /** The file of the mixture in use. */
  get mixtureFile(): string {
    const own = this.fittedMixtureFile
    return this.shipped === undefined || existsSync(own) ? own : this.shipped.mixture
  }

  get hasMixture(): boolean {
    return existsSync(this.mixtureFile)
  }

  /** Read again where nobody has them any more: twenty uploads need not stay in memory. */
  async records(): Promise<readonly PopulationRecord[]> {
    const kept = this.#records?.deref()
    if (kept !== undefined) return kept
    const { records } = await readRecordFile(this.file).catch((error: unknown) => {
      this.assertThere()
      throw error
    })
    this.#records = new WeakRef(records)
    return records
  }

  /** @throws ProblemError 404 where none has been fitted. */
  async mixture(): Promise<FittedMixture> {
    this.#mixture ??= readFittedMixture(this.mixtureFile)
    const fitted = await this.#mixture.catch((error: unknown) => {
      this.#mixture = undefined
      throw error
    })
    if (fitted !== undefined) return fitted
    this.#mixture = undefined
    throw new ProblemError(404, {
      message: `No mixture has been fitted on ${JSON.stringify(this.file.name)} yet.`,
      remedy: 'Fit one first.',
    })
  }

  /** After a fit: the next question is answered by the new mixture. */
  forgetMixture(): void {
    this.#mixture = undefined
  }
}
