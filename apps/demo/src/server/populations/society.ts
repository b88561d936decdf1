import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Persona } from '@mop/core'
import * as v from 'valibot'

const personasSchema = v.array(v.object({ group: v.string(), behavioural: v.string() }))

/** Files of the synthetic population that `@mop/local` ships. */
export const societyFiles: Readonly<Record<'records' | 'survey' | 'personas' | 'mixture', string>> = {
  records: fileURLToPath(import.meta.resolve('@mop/local/data/society.jsonl')),
  /** Of other members of the same groups, who all answer the same questions. */
  survey: fileURLToPath(import.meta.resolve('@mop/local/data/survey.jsonl')),
  personas: fileURLToPath(import.meta.resolve('@mop/local/data/society.personas.json')),
  /** Written by `fit-shipped.ts`. */
  mixture: fileURLToPath(new URL('../../../data/society.mixture.json', import.meta.url)),
}

export const societyNotes: readonly string[] = [
  'Invented: a seeded grammar wrote it, no real people are in it.',
  'The mixture that comes with it was fitted on other members than the 160 who all answer the same eight questions.',
]

/** The personas that come with it: one for each of its groups. */
export async function societyPersonas(): Promise<readonly Persona[]> {
  const described = v.parse(personasSchema, JSON.parse(await readFile(societyFiles.personas, 'utf8')))
  return described.map(({ group, behavioural }) => ({
    id: group,
    text: behavioural,
    provenance: { kind: 'given' },
  }))
}
