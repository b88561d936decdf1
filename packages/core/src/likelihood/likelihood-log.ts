import * as v from 'valibot'
import { LikelihoodTableError } from '../errors/likelihood-table-error.ts'
import type { LikelihoodEntry, LikelihoodHeader } from './likelihood-table.ts'

/**
 * The text form of a table, one JSON object a line: a header, then an entry a line in the order in which
 * they were paid for. It holds digests and numbers, no text of any record. −Infinity is written as null.
 */
const headerSchema = v.object({
  mop: v.literal('likelihoods'),
  version: v.literal(1),
  scorer: v.string(),
  template: v.string(),
  temperatures: v.array(v.number()),
})

const entrySchema = v.object({
  i: v.string(),
  c: v.string(),
  l: v.array(v.nullable(v.number())),
  n: v.pipe(v.number(), v.integer(), v.minValue(0)),
})

export function formatLikelihoodHeader(header: LikelihoodHeader): string {
  const { scorer, template, temperatures } = header
  return JSON.stringify({ mop: 'likelihoods', version: 1, scorer, template, temperatures })
}

export function formatLikelihoodEntry(entry: LikelihoodEntry): string {
  const l = entry.logLikelihoods.map((value) => (value === -Infinity ? null : value))
  return JSON.stringify({ i: entry.item, c: entry.component, l, n: entry.tokens })
}

/** @throws LikelihoodTableError naming file and line. */
export function parseLikelihoodHeader(line: string, file: string): LikelihoodHeader {
  const parsed = v.safeParse(headerSchema, parseJson(line))
  if (!parsed.success) throw foreign(file, 1, 'header', line, v.summarize(parsed.issues))
  const { scorer, template, temperatures } = parsed.output
  return { scorer, template, temperatures }
}

/** @throws LikelihoodTableError naming file and line. */
export function parseLikelihoodEntry(line: string, file: string, lineNumber: number): LikelihoodEntry {
  const parsed = v.safeParse(entrySchema, parseJson(line))
  if (!parsed.success) throw foreign(file, lineNumber, 'entry', line, v.summarize(parsed.issues))
  const { i, c, l, n } = parsed.output
  return { item: i, component: c, logLikelihoods: l.map((value) => value ?? -Infinity), tokens: n }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function foreign(
  file: string,
  line: number,
  field: string,
  found: string,
  why: string,
): LikelihoodTableError {
  return new LikelihoodTableError({
    file,
    line,
    field,
    message: `${file}, line ${line}: not a likelihood ${field} (${why.replaceAll('\n', ' ')}); found ${JSON.stringify(found.slice(0, 80))}.`,
    remedy: 'Move the file away to start afresh, or delete the broken line to keep the rest.',
  })
}
