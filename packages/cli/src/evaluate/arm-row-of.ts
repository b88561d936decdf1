import type { ArmRow } from '@mop/eval'
import * as v from 'valibot'
import { FileError } from '../errors/file-error.ts'

const count = v.pipe(v.number(), v.minValue(0))
const names = v.array(v.string())

/** What the figures, the page and the costs read of a row; fields that later versions add are let through. */
const rowSchema = v.looseObject({
  id: v.string(),
  arm: v.string(),
  kind: v.picklist(['answer', 'step', 'score']),
  input: v.string(),
  groups: v.optional(names),
  output: v.string(),
  probabilities: v.optional(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1)))),
  logLikelihood: v.optional(v.nullable(v.number())),
  tokens: v.optional(count),
  personas: names,
  exemplars: names,
  temperature: count,
  seed: v.number(),
  model: v.string(),
  finishReason: v.picklist(['stop', 'length']),
  usage: v.looseObject({ calls: count, inputTokens: count, outputTokens: count }),
})

/**
 * A line of a file of answers, as an earlier run wrote it.
 * @throws FileError naming file, line and field of a row that was changed by hand.
 */
export function armRowOf(
  row: object,
  { path, line }: { readonly path: string; readonly line: number },
): ArmRow {
  const checked = v.safeParse(rowSchema, row)
  if (checked.success) return row as ArmRow
  const [issue] = checked.issues
  throw new FileError({
    path,
    problem: `line ${line}, field ${JSON.stringify(v.getDotPath(issue) ?? '')}: expected ${issue.expected ?? 'another value'}; found ${issue.received}.`,
    remedy: 'Delete that line to have it answered again, or give another output.',
  })
}
