import {
  type ChatMessage,
  generateEach,
  type Generation,
  InvalidArgumentError,
  type LikelihoodScorer,
  type Random,
  type TextGenerator,
} from '@mop/core'
import type { Arm } from '../arms/arm.ts'
import type { ArmRow } from './arm-row.ts'
import { namingRow } from './too-long-row.ts'
import { type ChoiceRequest, weighChoices } from './weigh-choices.ts'

export interface AnswerOptions {
  readonly arm: Arm
  readonly generator: TextGenerator
  /** Weighs the choices of closed questions, unless they are counted, and scores what arms ask for. */
  readonly scorer?: LikelihoodScorer | undefined
  /** Closed answers are generated although there is a scorer. */
  readonly counted?: boolean | undefined
  /** Of this arm. */
  readonly random: Random
  readonly maxTokens?: number | undefined
  readonly concurrency?: number | undefined
  readonly completed: ReadonlyMap<string, ArmRow>
  readonly signal?: AbortSignal | undefined
  readonly onRow?: ((row: ArmRow) => void) | undefined
}

/** A row to be answered. */
export type WantedRow = Pick<
  ArmRow,
  'id' | 'kind' | 'input' | 'groups' | 'personas' | 'exemplars' | 'temperature'
> & {
  readonly messages: readonly ChatMessage[]
  /** Of a closed question. */
  readonly choices?: readonly string[] | undefined
}

/**
 * Has the model answer, or weighs the choices; what is in `completed` is taken from there. In the order of what is wanted.
 * @throws TextTooLongError naming an input that the model cannot take whole.
 */
export async function answersTo(wanted: readonly WantedRow[], options: AnswerOptions): Promise<ArmRow[]> {
  const { arm, generator, scorer, random, maxTokens, completed, concurrency, signal } = options
  const seedOf = ({ id }: WantedRow): number => Math.floor(random.fork(`answer ${id}`).next() * 2 ** 31)
  assertDifferent(arm, wanted)
  const begun = (row: WantedRow): Omit<ArmRow, 'output' | 'usage' | 'finishReason' | 'model'> => {
    const { messages: _messages, choices: _choices, ...rest } = row
    return { ...rest, arm: arm.name, seed: seedOf(row) }
  }
  const choicesOf = ({ id }: LikelihoodScorer): readonly ChoiceRequest[] =>
    wanted.flatMap((row) =>
      row.choices === undefined
        ? []
        : [
            {
              row: { ...begun(row), model: id, finishReason: 'stop' },
              messages: row.messages,
              choices: row.choices,
            },
          ],
    )
  const rows = new Map(
    scorer === undefined || options.counted === true
      ? []
      : await weighChoices(choicesOf(scorer), { ...options, scorer }),
  )
  const todo = wanted.filter(({ id }) => !completed.has(id) && !rows.has(id))
  const rowOf = (row: WantedRow, { text, finishReason, usage }: Generation): ArmRow => ({
    ...begun(row),
    output: text,
    model: generator.id,
    finishReason,
    usage,
  })
  await generateEach(
    generator,
    todo.map((row) => ({
      messages: row.messages,
      temperature: row.temperature,
      seed: seedOf(row),
      ...(maxTokens !== undefined && { maxTokens }),
    })),
    {
      concurrency,
      signal,
      onGeneration: (index, generation) => {
        const plan = todo[index]
        if (plan === undefined) return
        const row = rowOf(plan, generation)
        rows.set(row.id, row)
        options.onRow?.(row)
      },
    },
  ).catch((error: unknown) => {
    throw namingRow(error, todo)
  })
  return wanted.flatMap(({ id }) => rows.get(id) ?? completed.get(id) ?? [])
}

/** @throws InvalidArgumentError for two questions of one id. */
export function assertDifferent(arm: Arm, questions: readonly { readonly id: string }[]): void {
  const ids = new Set(questions.map(({ id }) => id)).size
  if (ids === questions.length) return
  throw new InvalidArgumentError({
    argument: `arm ${arm.name}`,
    expected: 'one whose questions have different ids',
    found: `${questions.length} questions with ${ids} ids`,
  })
}
