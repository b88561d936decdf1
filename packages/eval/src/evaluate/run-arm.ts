import { type BoundMixture, type ChatMessage, InvalidArgumentError, type PromptTemplate } from '@mop/core'
import type {
  Arm,
  ArmAnswer,
  ArmPrompt,
  ArmQuestion,
  ArmScoring,
  ArmSetting,
  ShownRecord,
} from '../arms/arm.ts'
import { type AnswerOptions, answersTo, assertDifferent, type WantedRow } from './answer-rows.ts'
import type { ArmRow } from './arm-row.ts'
import type { EvaluationSlot, SlotPlan } from './plan-slots.ts'
import { scoreGivenTexts } from './score-given-texts.ts'

export interface RunArmOptions extends AnswerOptions {
  readonly plan: SlotPlan
  /** The arm's own mixture, or else the evaluation's. */
  readonly bound: BoundMixture
  readonly template: PromptTemplate
  readonly shown: readonly ShownRecord[]
  /** Set for all arms, also against what an arm's method says. */
  readonly temperature?: number | undefined
  readonly onStep?: ((arm: string, done: number, total: number) => void) | undefined
}

export interface ArmRun {
  /** One for each slot, in their order. */
  readonly answers: readonly ArmRow[]
  /** What stood before the model for each slot. */
  readonly prompts: readonly Pick<WantedRow, 'messages' | 'temperature'>[]
  /** Calls beside the answers. */
  readonly steps: readonly ArmRow[]
  /** What the arm says of how it went. */
  readonly notes: readonly string[]
}

/** Plans an arm's prompts and has them answered; what is in `completed` is taken from there. */
export async function runArm(options: RunArmOptions): Promise<ArmRun> {
  const { arm, plan } = options
  const { slots } = plan
  const steps: ArmRow[] = []
  const notes: string[] = []
  // Of rounds that were answered while the arm was planned.
  const earlier = new Map<
    string,
    { readonly row: ArmRow; readonly prompt: ArmPrompt; readonly wanted: WantedRow }
  >()
  const ofSlots = new Map(slots.map((slot) => [slot.id, slot]))
  let done = 0
  let expected = 0
  const counting = (questions: readonly { readonly id: string }[]): RunArmOptions => {
    expected += questions.filter(({ id }) => !options.completed.has(stepId(arm, id))).length
    return {
      ...options,
      onRow: (row) => {
        options.onRow?.(row)
        options.onStep?.(arm.name, ++done, expected)
      },
    }
  }
  const prompts = await arm.plan(slots, {
    ...settingOf(options),
    ask: async (questions) => {
      const rows = await answersTo(
        questions.map((question) => wantedStep(question, options)),
        counting(questions),
      )
      steps.push(...rows)
      return rows.map(({ output }) => output)
    },
    score: async (scorings) => {
      const rows = await scoresOf(scorings, counting(scorings))
      steps.push(...rows)
      return rows.map(({ logLikelihood }) => logLikelihood ?? -Infinity)
    },
    answer: async (answers) => {
      const wanted = answers.map(({ slot, prompt }) =>
        wantedAnswer(arm.name, ofSlots.get(slot.id) ?? unknownSlot(arm, slot), prompt, options),
      )
      // With those of earlier rounds, so that choices are weighed once for equal prompts.
      const before = [...earlier.values()]
      const all = await answersTo([...before.map((one) => one.wanted), ...wanted], {
        ...options,
        completed: withRows(options.completed, before),
      })
      const rows = all.slice(before.length)
      for (const [index, row] of rows.entries()) {
        const { slot, prompt } = answers[index] as ArmAnswer
        earlier.set(slot.id, { row, prompt, wanted: wanted[index] as WantedRow })
      }
      return rows.map(({ output }) => output)
    },
    note: (sentence) => void notes.push(sentence),
  })
  if (prompts.length !== slots.length) {
    throw new InvalidArgumentError({
      argument: `arm ${arm.name}`,
      expected: `one with a prompt for each of the ${slots.length} responses`,
      found: prompts.length,
    })
  }
  const wanted = slots.map((slot, index) => {
    const prompt = prompts[index] as ArmPrompt
    if ((earlier.get(slot.id)?.prompt ?? prompt) !== prompt) {
      throw new InvalidArgumentError({
        argument: `arm ${arm.name}`,
        expected: 'one that plans what it had answered',
        found: `another prompt for ${slot.id}`,
      })
    }
    return wantedAnswer(arm.name, slot, prompt, options)
  })
  const completed = withRows(options.completed, [...earlier.values()])
  return { answers: await answersTo(wanted, { ...options, completed }), prompts: wanted, steps, notes }
}

function withRows(
  completed: ReadonlyMap<string, ArmRow>,
  added: readonly { readonly row: ArmRow }[],
): ReadonlyMap<string, ArmRow> {
  return new Map([...completed, ...added.map(({ row }) => [row.id, row] as const)])
}

export function settingOf({
  plan,
  bound,
  template,
  shown,
  random,
  signal,
}: RunArmOptions): Omit<ArmSetting, 'ask' | 'answer' | 'score' | 'note'> {
  return {
    mixture: bound.mixture,
    template,
    shown,
    random: random.fork('plan'),
    draws: (pairs) => plan.draws(pairs, bound),
    encode: async (texts) =>
      (await bound.encoder.encode(texts, signal === undefined ? {} : { signal })).embeddings,
  }
}

function unknownSlot(arm: Arm, { id }: { readonly id: string }): never {
  throw new InvalidArgumentError({
    argument: `arm ${arm.name}`,
    expected: 'one that answers the slots it is given',
    found: id,
  })
}

function wantedStep(
  { id, messages, temperature }: ArmQuestion,
  { arm, temperature: ofAll }: RunArmOptions,
): WantedRow {
  return {
    id: stepId(arm, id),
    kind: 'step',
    input: lastQuestion(messages),
    messages,
    personas: [],
    exemplars: [],
    temperature: ofAll ?? temperature,
  }
}

/** Of the row that keeps what a step gave. */
export function stepId({ name }: Arm, id: string): string {
  return `${name}/step ${id}`
}

function lastQuestion(messages: readonly ChatMessage[]): string {
  return messages.findLast(({ role }) => role === 'user')?.content ?? ''
}

/** @throws InvalidArgumentError without a scorer, and for two scorings of one id. */
async function scoresOf(scorings: readonly ArmScoring[], options: RunArmOptions): Promise<readonly ArmRow[]> {
  const { arm, scorer } = options
  if (scorer === undefined) {
    throw new InvalidArgumentError({
      argument: 'scorer',
      expected: `one: the arm ${arm.name} asks for likelihoods`,
      found: 'none',
    })
  }
  assertDifferent(arm, scorings)
  const texts = scorings.map(({ id, messages, continuation, personas = [], exemplars = [] }) => ({
    row: {
      id: stepId(arm, id),
      arm: arm.name,
      kind: 'step' as const,
      input: lastQuestion(messages),
      output: '',
      personas,
      exemplars,
      temperature: 1,
      seed: 0,
      model: scorer.id,
      finishReason: 'stop' as const,
    },
    messages,
    continuation,
  }))
  return scoreGivenTexts(texts, { ...options, scorer })
}

export function wantedAnswer(
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
