import { fileURLToPath } from 'node:url'
import type { Persona, PopulationRecord } from '@mop/core'
import * as v from 'valibot'
import { readPopulation } from '../files/read-population.ts'
import { readText } from '../files/read-text.ts'

/** The synthetic population that `@mop/local` ships, with what only its maker knows. */
export interface Society {
  readonly records: readonly PopulationRecord[]
  /** One for each group, in the order of `groups`. */
  readonly personas: readonly Persona[]
  readonly groups: readonly string[]
  /** The group of a record, by the record's id. Never shown to a fit. */
  readonly groupOf: Readonly<Record<string, string>>
}

const personasSchema = v.array(v.object({ group: v.string(), behavioural: v.string() }))
const truthSchema = v.object({ groupOf: v.record(v.string(), v.string()) })

export async function readSociety(): Promise<Society> {
  const folder = new URL('data/', import.meta.resolve('@mop/local/package.json'))
  const path = (name: string): string => fileURLToPath(new URL(name, folder))
  const { records } = await readPopulation(path('society.jsonl'), {})
  const described = v.parse(personasSchema, JSON.parse(await readText(path('society.personas.json'))))
  const { groupOf } = v.parse(truthSchema, JSON.parse(await readText(path('society.truth.json'))))
  return {
    records,
    personas: described.map(({ group, behavioural }) => ({
      id: group,
      text: behavioural,
      provenance: { kind: 'given' },
    })),
    groups: described.map(({ group }) => group),
    groupOf,
  }
}
