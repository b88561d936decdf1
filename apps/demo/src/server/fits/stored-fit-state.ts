import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import type { FitState } from '../../api-contract.ts'
import { writeAtomically } from '../files/write-atomically.ts'
import { fitRequestSchema } from './fit-request-schema.ts'

const progress = v.object({ label: v.string(), done: v.number(), total: v.number() })
const problem = v.object({
  message: v.string(),
  remedy: v.optional(v.string()),
  line: v.optional(v.number()),
  field: v.optional(v.string()),
})
const stateSchema: v.GenericSchema<unknown, FitState> = v.object({
  status: v.picklist(['running', 'cancelled', 'failed', 'done']),
  request: fitRequestSchema,
  progress: v.optional(progress),
  likelihoods: v.number(),
  likelihoodsNeeded: v.optional(v.number()),
  seconds: v.number(),
  problem: v.optional(problem),
})

const fileOf = (folder: string): string => join(folder, 'fit.json')

export async function writeFitState(folder: string, state: FitState): Promise<void> {
  await writeAtomically(fileOf(folder), `${JSON.stringify(state)}\n`)
}

/**
 * What became of the last fit. One that was running when the server ended is cancelled now: it can be resumed.
 * A file that is none of ours counts as no fit.
 */
export async function readFitState(folder: string, table: string): Promise<FitState | undefined> {
  if (!existsSync(fileOf(folder))) return undefined
  const state = v.safeParse(stateSchema, parse(await readFile(fileOf(folder), 'utf8')))
  if (!state.success) return undefined
  if (state.output.status !== 'running') return state.output
  const { progress: _progress, ...rest } = state.output
  return { ...rest, status: 'cancelled', likelihoods: await countLikelihoods(table) }
}

/** Entries of a likelihood file that nobody has open: a line each after the header. */
export async function countLikelihoods(table: string): Promise<number> {
  if (!existsSync(table)) return 0
  let lines = 0
  for await (const line of createInterface({ input: createReadStream(table) })) {
    if (line.trim() !== '') lines += 1
  }
  return Math.max(0, lines - 1)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
