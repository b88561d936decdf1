import {
  type ChatMessage,
  generateEach,
  type Generation,
  InvalidArgumentError,
  type LikelihoodScorer,
  type Mixture,
  type PromptTemplate,
  type Random,
  type TextGenerator,
} from '@mop/core'
import type { Arm, ArmPrompt, ShownRecord } from '../arms/arm.ts'
import type { ArmRow } from './arm-row.ts'
import type { EvaluationSlot, SlotPlan } from './plan-slots.ts'
import { type ChoiceRequest, weighChoices } from './weigh-choices.ts'

export interface RunArmOptions {
  readonly arm: Arm
  readonly plan: SlotPlan
  readonly mixture: Mixture
  readonly template: PromptTemplate
  readonly shown: readonly ShownRecord[]
  readonly generator: TextGenerator
  /** Weighs the choices of closed questions, which are else generated. */
  readonly scorer?: LikelihoodScorer | undefined
  /** Of this arm. */
  readonly random: Random
  /** Set for all arms, also against what an arm's method says. */
  readonly temperature?: number | undefined
  readonly maxTokens?: number | undefined
  readonly concurrency?: number | undefined
  readonly completed: ReadonlyMap<string, ArmRow>
  readonly signal?: AbortSignal | undefined
  readonly onRow?: ((row: ArmRow) => void) | undefined
}

export interface ArmRun {
  /** One for each slot, in their order. */
  readonly answers: readonly ArmRow[]
  /** What stood before the model for each slot. */
  readonly prompts: readonly Pick<WantedRow, 'messages' | 'temperature'>[]
  /** Calls beside the answers. */
  readonly steps: readonly ArmRow[]
}

type WantedRow = Pick<
  ArmRow,
  'id' | 'kind' | 'input' | 'groups' | 'personas' | 'exemplars' | 'temperature'
> & {
  readonly messages: readonly ChatMessage[]
  /** Of a closed question. */
  readonly choices?: readonly string[] | undefined
}

/** Plans an arm's prompts and has them answered; what is in `completed` is taken from there. */
export async function runArm(options: RunArmOptions): Promise<ArmRun> {
  const { arm, plan, mixture, template, shown, random } = options
  const { slots } = plan
  const steps: ArmRow[] = []
  const prompts = await arm.plan(slots, {
    mixture,
    template,
    shown,
    random: random.fork('plan'),
    draws: plan.draws,
    ask: async (questions) => {
      const rows = await answersTo(
        questions.map(({ id, messages, temperature }): WantedRow => ({
          id: `${arm.name}/step ${id}`,
          kind: 'step',
          input: messages.findLast(({ role }) => role === 'user')?.content ?? '',
          messages,
          personas: [],
          exemplars: [],
          temperature: options.temperature ?? temperature,
        })),
        options,
      )
      steps.push(...rows)
      return rows.map(({ output }) => output)
    },
  })
  if (prompts.length !== slots.length) {
    throw new InvalidArgumentError({
      argument: `arm ${arm.name}`,
      expected: `one with a prompt for each of the ${slots.length} responses`,
      found: prompts.length,
    })
  }
  const wanted = slots.map((slot, index) =>
    wantedAnswer(arm.name, slot, prompts[index] as ArmPrompt, options),
  )
  return { answers: await answersTo(wanted, options), prompts: wanted, steps }
}

function wantedAnswer(
  arm: string,
  slot: EvaluationSlot,
  prompt: ArmPrompt,
  { temperature }: RunArmOptions,
): WantedRow {
  return {
    id: `${arm}/${slot.id}`,
    kind: 'answer',
    input: slot.input,
    ...(slot.groups.length > 0 && { groups: slot.groups }),
    choices: slot.choices,
    messages: prompt.messages,
    personas: prompt.personas ?? [],
    exemplars: prompt.exemplars ?? [],
    temperature: temperature ?? prompt.temperature ?? slot.temperature,
  }
}

async function answersTo(wanted: readonly WantedRow[], options: RunArmOptions): Promise<ArmRow[]> {
  const { arm, generator, scorer, random, maxTokens, completed, concurrency, signal } = options
  const seedOf = ({ id }: WantedRow): number => Math.floor(random.fork(`answer ${id}`).next() * 2 ** 31)
  const ids = new Set(wanted.map(({ id }) => id))
  if (ids.size < wanted.length) {
    throw new InvalidArgumentError({
      argument: `arm ${arm.name}`,
      expected: 'one whose questions have different ids',
      found: `${wanted.length} questions with ${ids.size} ids`,
    })
  }
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
    scorer === undefined ? [] : await weighChoices(choicesOf(scorer), { ...options, scorer }),
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
  )
  return wanted.flatMap(({ id }) => rows.get(id) ?? completed.get(id) ?? [])
}
