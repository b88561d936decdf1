import { type ChatMessage, noUsage, RequestTooLongError, TextTooLongError, type Usage } from '@mop/core'
import type { LikelihoodScorer, Score } from '@mop/core'
import type { ArmRow } from './arm-row.ts'
import type { HeldOutRecord } from './plan-held-out.ts'
import type { RealAnswer } from './real-records.ts'

/** What an arm puts before the model for a slot. */
export interface SlotPrompt {
  /** Of the slot. */
  readonly id: string
  readonly messages: readonly ChatMessage[]
  readonly temperature: number
}

export interface ScoreHeldOutOptions {
  readonly arm: string
  readonly records: readonly HeldOutRecord[]
  /** Those that each record's `slots` are places in. */
  readonly prompts: readonly SlotPrompt[]
  readonly scorer: LikelihoodScorer
  readonly completed: ReadonlyMap<string, ArmRow>
  readonly signal?: AbortSignal | undefined
  readonly onRow?: ((row: ArmRow) => void) | undefined
}

/** Responses of one call: what a stop between calls leaves is kept. */
const responsesOfCall = 16

interface Wanted {
  readonly id: string
  readonly real: RealAnswer
  readonly messages: readonly ChatMessage[]
  readonly temperature: number
}

/**
 * log p(response | prompt) of each record under each of its prompts, at the temperature of the prompt's answer. Equal prompts score
 * equal responses once; the first row of a call bears its cost, and what is in `completed` is taken from there.
 * @returns a row for each record and prompt, in the order of the records and their slots.
 * @throws TextTooLongError naming a record that the model cannot take whole.
 */
export async function scoreHeldOut(options: ScoreHeldOutOptions): Promise<readonly (readonly ArmRow[])[]> {
  const { arm, records, prompts, completed } = options
  const wanted = records.map(({ real, slots }) =>
    slots.flatMap((slot): Wanted[] => {
      const prompt = prompts[slot]
      if (prompt === undefined) return []
      const { id, messages, temperature } = prompt
      return [{ id: `${arm}/score ${real.id} ${id}`, real, messages, temperature }]
    }),
  )
  const rows = new Map<string, ArmRow>()
  for (const { id } of wanted.flat()) {
    const known = completed.get(id)
    if (known !== undefined) rows.set(id, known)
  }
  // Prompt by prompt, so that a model reads each once.
  const byPrompt = Map.groupBy(wanted.flat(), ({ messages }) => JSON.stringify(messages))
  for (const members of byPrompt.values()) {
    const byResponse = [...Map.groupBy(members, ({ real }) => real.output).values()]
    for (let start = 0; start < byResponse.length; start += responsesOfCall)
      await scorePrompt(byResponse.slice(start, start + responsesOfCall).flat(), rows, options)
  }
  return wanted.map((ones) => ones.flatMap(({ id }) => rows.get(id) ?? []))
}

/** Scores what is new of some of one prompt's responses, all temperatures in one call, and keeps it in `rows`. */
async function scorePrompt(
  members: readonly Wanted[],
  rows: Map<string, ArmRow>,
  options: ScoreHeldOutOptions,
): Promise<void> {
  const keyOf = ({ real, temperature }: Wanted): string => JSON.stringify([real.output, temperature])
  const known = new Map<string, Pick<ArmRow, 'logLikelihood' | 'tokens'>>()
  for (const member of members) {
    const row = rows.get(member.id)
    if (row !== undefined) known.set(keyOf(member), row)
  }
  const todo = members.filter((member) => !rows.has(member.id))
  const missing = todo.filter((member) => !known.has(keyOf(member)))
  let usage = noUsage
  if (missing.length > 0) {
    const firsts = [...Map.groupBy(missing, ({ real }) => real.output).values()].flatMap(
      ([first]) => first ?? [],
    )
    const temperatures = [...new Set(missing.map(({ temperature }) => temperature))]
    const scored = await scoresOf(firsts, temperatures, options)
    usage = scored.usage
    for (const [index, { real }] of firsts.entries()) {
      const { logLikelihoods, tokens } = scored.scores[index] as Score
      for (const [place, temperature] of temperatures.entries()) {
        // What JSON makes of −Infinity, so that a row is the same from its file.
        const value = logLikelihoods[place] as number
        const logLikelihood = value === -Infinity ? null : value
        known.set(JSON.stringify([real.output, temperature]), { logLikelihood, tokens })
      }
    }
  }
  for (const member of todo) {
    const { logLikelihood = null, tokens = 0 } = known.get(keyOf(member)) ?? {}
    const row = rowOf(member, { logLikelihood, tokens, usage }, options)
    usage = noUsage
    rows.set(row.id, row)
    options.onRow?.(row)
  }
}

function rowOf(
  { id, real, temperature }: Wanted,
  score: { readonly logLikelihood: number | null; readonly tokens: number; readonly usage: Usage },
  { arm, scorer }: ScoreHeldOutOptions,
): ArmRow {
  return {
    id,
    arm,
    kind: 'score',
    input: real.input,
    ...(real.groups.length > 0 && { groups: real.groups }),
    output: '',
    ...score,
    personas: [],
    exemplars: [],
    temperature,
    seed: 0,
    model: scorer.id,
    finishReason: 'stop',
  }
}

async function scoresOf(
  members: readonly Wanted[],
  temperatures: readonly number[],
  { scorer, signal }: ScoreHeldOutOptions,
): Promise<{ readonly scores: readonly Score[]; readonly usage: Usage }> {
  try {
    return await scorer.score(
      members.map(({ messages, real }) => ({ messages, continuation: real.output })),
      { temperatures, ...(signal !== undefined && { signal }) },
    )
  } catch (error) {
    if (!RequestTooLongError.isInstance(error)) throw error
    const { requestIndex, tokens, limit } = error
    const id = members[requestIndex]?.real.id ?? ''
    throw new TextTooLongError({
      texts: [{ kind: 'record', id, field: 'output', tokens }],
      limit,
      cause: error,
    })
  }
}
