import {
  categorical,
  type ChatMessage,
  choiceProbabilities,
  createRandom,
  type LikelihoodScorer,
  noUsage,
} from '@mop/core'
import type { ArmRow } from './arm-row.ts'
import { namingRow } from './too-long-row.ts'

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
 * @throws InvalidArgumentError where every choice is impossible, TextTooLongError naming an input that the model cannot take whole.
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
      const { messages, choices } = first
      const { temperature } = first.row
      ;({ probabilities, usage } = await choiceProbabilities({
        scorer,
        messages,
        choices,
        temperature,
        signal,
      }).catch((error: unknown) => {
        // Whichever of its choices it was.
        throw namingRow(
          error,
          choices.map(() => first.row),
        )
      }))
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
