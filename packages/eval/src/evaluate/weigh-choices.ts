import {
  categorical,
  type ChatMessage,
  createRandom,
  InvalidArgumentError,
  type LikelihoodScorer,
  noUsage,
  type ScoreResult,
} from '@mop/core'
import { softmax } from '@mop/core/numeric'
import type { ArmRow } from './arm-row.ts'

/** A closed answer to be weighed: its row without what the model says. */
export interface ChoiceRequest {
  readonly row: Omit<ArmRow, 'output' | 'probabilities' | 'usage'>
  readonly messages: readonly ChatMessage[]
  readonly choices: readonly string[]
}

export interface WeighChoicesOptions {
  readonly scorer: LikelihoodScorer
  readonly completed: ReadonlyMap<string, ArmRow>
  readonly signal?: AbortSignal | undefined
  readonly onRow?: ((row: ArmRow) => void) | undefined
}

/**
 * p(choice | prompt) among the choices, by the likelihood of each at the row's temperature (METHOD sections 6 and 8). Requests with the same prompt,
 * temperature and choices are scored once; the first row bears the cost, and what is in `completed` is taken from there.
 * @returns rows by id.
 * @throws InvalidArgumentError where every choice is impossible.
 */
export async function weighChoices(
  requests: readonly ChoiceRequest[],
  { scorer, completed, signal, onRow }: WeighChoicesOptions,
): Promise<ReadonlyMap<string, ArmRow>> {
  const rows = new Map<string, ArmRow>()
  const alike = Map.groupBy(requests, ({ messages, choices, row }) =>
    JSON.stringify([messages, choices, row.temperature]),
  )
  for (const members of alike.values()) {
    const [first] = members
    if (first === undefined) continue
    const known = members.map(({ row }) => completed.get(row.id)).find((row) => row !== undefined)
    let probabilities = known?.probabilities
    let usage = noUsage
    if (probabilities === undefined) {
      const result: ScoreResult = await scorer.score(
        first.choices.map((continuation) => ({ messages: first.messages, continuation })),
        { temperatures: [first.row.temperature], ...(signal !== undefined && { signal }) },
      )
      probabilities = [...softmax(result.scores.map(({ logLikelihoods }) => logLikelihoods[0] as number))]
      usage = result.usage
      if (!probabilities.every((probability) => probability >= 0)) {
        throw new InvalidArgumentError({
          argument: 'scorer',
          expected: `a likelihood above 0 for one of the choices of ${JSON.stringify(first.row.input)}`,
          found: 'none',
        })
      }
    }
    for (const { row, choices } of members) {
      const earlier = completed.get(row.id)
      if (earlier !== undefined) {
        rows.set(row.id, earlier)
        continue
      }
      const drawn = categorical(createRandom(row.seed).fork('choice'), probabilities)
      const weighed: ArmRow = { ...row, output: choices[drawn] ?? '', probabilities, usage }
      usage = noUsage
      rows.set(row.id, weighed)
      onRow?.(weighed)
    }
  }
  return rows
}
