import { type ChatMessage, type LikelihoodScorer, noUsage, type Score } from '@mop/core'
import type { ArmRow } from './arm-row.ts'

/** A given text to be scored: its row without the likelihood. */
export interface GivenText {
  readonly row: Omit<ArmRow, 'logLikelihood' | 'usage'>
  readonly messages: readonly ChatMessage[]
  readonly continuation: string
}

export interface ScoreGivenTextsOptions {
  readonly scorer: LikelihoodScorer
  readonly completed: ReadonlyMap<string, ArmRow>
  readonly signal?: AbortSignal | undefined
  readonly onRow?: ((row: ArmRow) => void) | undefined
}

/** Texts of one call: engines reuse the prefix of neighbours, and what they cost is known when the call ends. */
const textsOfCall = 16

/**
 * log p(text | messages) at temperature 1, in their order; what is in `completed` is taken from there. The cost of a call stands in the row of its
 * first text. Where a call fails, what it had scored is kept in rows without its cost.
 */
export async function scoreGivenTexts(
  texts: readonly GivenText[],
  { scorer, completed, signal, onRow }: ScoreGivenTextsOptions,
): Promise<readonly ArmRow[]> {
  const rows = new Map<string, ArmRow>()
  for (const { row } of texts) {
    const earlier = completed.get(row.id)
    if (earlier?.logLikelihood !== undefined) rows.set(row.id, earlier)
  }
  const todo = texts.filter(({ row }) => !rows.has(row.id))
  for (let start = 0; start < todo.length; start += textsOfCall) {
    const call = todo.slice(start, start + textsOfCall)
    const scores = new Map<number, Score>()
    let usage = noUsage
    try {
      const result = await scorer.score(
        call.map(({ messages, continuation }) => ({ messages, continuation })),
        {
          onScore: (index, score) => void scores.set(index, score),
          ...(signal !== undefined && { signal }),
        },
      )
      usage = result.usage
      for (const [index, score] of result.scores.entries()) scores.set(index, score)
    } finally {
      for (const [index, { row }] of call.entries()) {
        const score = scores.get(index)
        if (score === undefined) continue
        const value = score.logLikelihoods[0] as number
        const scored = { ...row, logLikelihood: value === -Infinity ? null : value, usage }
        usage = noUsage
        rows.set(row.id, scored)
        onRow?.(scored)
      }
    }
  }
  return texts.flatMap(({ row }) => rows.get(row.id) ?? [])
}
