import {
  bindEncoder,
  chatTemplate,
  createRandom,
  type Encoder,
  InvalidArgumentError,
  type LikelihoodScorer,
  type Mixture,
  type PopulationRecord,
  type PromptTemplate,
  type TextGenerator,
} from '@mop/core'
import type { Arm } from '../arms/arm.ts'
import { embeddingsOf } from '../embedding/embeddings.ts'
import type { ArmRow } from './arm-row.ts'
import { collectPortrait } from './collect-portrait.ts'
import {
  type ArmReport,
  type EvaluationReport,
  evaluationVersion,
  type ReportedFigure,
  type ReportedPart,
} from './evaluation-report.ts'
import { evaluationNotes } from './evaluation-notes.ts'
import { honestSplit } from './honest-split.ts'
import { heldOutNotes, heldOutOf } from './held-out.ts'
import { measureChoices } from './measure-choices.ts'
import { classesAttribute } from './measure-downstream.ts'
import { measureTexts } from './measure-texts.ts'
import type { HeldOutOptions } from './plan-held-out.ts'
import { ownMixtures } from './own-mixtures.ts'
import { type EvaluationSlot, planSlots } from './plan-slots.ts'
import { groupAttributes, realAnswers } from './real-records.ts'
import { type ArmRun, runArm, type RunArmOptions } from './run-arm.ts'
import { splitProof } from './split-proof.ts'

export interface EvaluateArmsOptions {
  readonly mixture: Mixture
  /** The encoder the mixture was fitted with. */
  readonly encoder: Encoder
  /** Embeds real and simulated responses for the figures. Default `encoder`; another one judges more independently. */
  readonly judge?: Encoder | undefined
  /** The same model for every arm. */
  readonly generator: TextGenerator
  /** Held-out records: nobody and nothing in them may have been seen by the mixture. */
  readonly records: readonly PopulationRecord[]
  /** What the mixture was fitted on: shown by few-shot arms, and compared with `records`. Default the mixture's exemplars. */
  readonly training?: readonly PopulationRecord[] | undefined
  readonly arms: readonly Arm[]
  /** Responses of each arm, over the records' inputs in proportion to how often they occur. */
  readonly n: number
  readonly seed: number | string
  /**
   * Attributes of mixture and records: members of each group (of each combination of several) are asked for, and figures are given for each
   * group of each attribute. Default none.
   */
  readonly groups?: string | readonly string[] | undefined
  /**
   * Weighs the choices of closed questions: each prompt of an arm answers with p(choice | prompt) among the choices at the temperature of its
   * slot, instead of one generated text (METHOD section 6). Also scores what arms such as `picle` ask for. Of the same model as `generator`.
   * Default none: closed answers are generated, and arms that need likelihoods fail.
   */
  readonly scorer?: LikelihoodScorer | undefined
  /** `counted`: closed answers are generated although there is a `scorer`. Default `weighed` where there is one. */
  readonly closedAnswers?: 'weighed' | 'counted' | undefined
  /**
   * Takes the log-likelihood of held-out free responses under `prompts` of each arm's prompts: those it answered with and, where an input was asked
   * seldom, further ones that its method makes without a call. At most `records` × `prompts` scores an arm, fewer where prompts are equal. Default none.
   */
  readonly heldOut?: HeldOutOptions | undefined
  /**
   * What a classifier is to tell apart that learns from an arm's free answers and is tested on the real ones: the `input`s, such as the topic or the
   * sentiment that is asked for, or the groups of one of `groups`. Default `input`.
   */
  readonly classes?: string | undefined
  /**
   * Closed questions with the same choices count as one, for records in which each is asked too seldom to have a distribution of its own.
   * Default false.
   */
  readonly poolQuestions?: boolean | undefined
  /** Leaves records that were seen out instead of refusing. Default false. */
  readonly dropSeen?: boolean | undefined
  /** One temperature for all calls. Default that of the mixture's draw for each response, the same in every arm. */
  readonly temperature?: number | undefined
  /** Default `chatTemplate`. */
  readonly template?: PromptTemplate | undefined
  readonly maxTokens?: number | undefined
  /** Calls under way at once. Default 4. */
  readonly concurrency?: number | undefined
  /** Bootstrap resamples; 0 for no intervals. Default 200. */
  readonly resamples?: number | undefined
  /** Clusterings behind the spread of MAUVE, see `mauveMetric`; 1 for none. Default 5. */
  readonly mauveSeeds?: number | undefined
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number | undefined
  /** Rows of an earlier run with the same options (other arms may be added): they are not generated again. */
  readonly completed?: readonly ArmRow[] | undefined
  /** Names and versions of what runs it, such as `node`; they are put into the report as they are. Default none. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with each row the moment it exists; what was paid for is to be kept here. */
  readonly onRow?: ((row: ArmRow) => void) | undefined
  /** Called after each call beside the answers, with how many of those asked for so far are done. */
  readonly onStep?: ((arm: string, done: number, total: number) => void) | undefined
  /** Called before an arm is asked, before real responses are scored under its prompts, with the number of rows that makes, and before it is measured. */
  readonly onPhase?: ((arm: string, phase: 'ask' | 'score' | 'measure', rows?: number) => void) | undefined
}

/**
 * Asks every arm for n responses to the records' inputs, with the same model, temperatures and number of answers, and measures each set against
 * the real responses (METHOD section 9). Rows and figures of an arm do not depend on which other arms there are.
 * @throws SplitLeakError where the mixture, or that of an arm, has seen a record, unless `dropSeen`.
 * @throws EncoderMismatchError where the mixture, or that of an arm, was fitted with another encoder.
 * @throws InvalidArgumentError for no arm or two of one name, and options that fit neither mixture nor records.
 */
export async function evaluateArms(options: EvaluateArmsOptions): Promise<EvaluationReport> {
  const { mixture, encoder, generator, arms, n, seed, training, signal } = options
  const groups = groupAttributes(options.groups)
  const { judge = encoder, template = chatTemplate } = options
  checkArms(arms)
  const { records, dropped } = await honestSplit(options.records, options)
  const bound = bindEncoder(mixture, encoder)
  const plan = await planSlots({ ...options, bound, records, groups })
  const own = ownMixtures(arms, encoder, groups, plan.slots)
  const weighed = options.scorer !== undefined && options.closedAnswers !== 'counted'
  const real = realAnswers(records, groups)
  const free = real.filter(({ choices }) => choices === undefined)
  const closed = real.filter(({ choices }) => choices !== undefined)
  const call = signal === undefined ? {} : { signal }
  const encoded = await judge.encode(
    free.map(({ output }) => output),
    call,
  )
  const realEmbeddings = embeddingsOf(encoded.embeddings)
  const shown = training ?? mixture.exemplars
  const shownTexts = (arm: Arm): string[] => [
    ...new Set(
      [...mixture.exemplars, ...shown, ...(arm.mixture?.exemplars ?? [])].map(({ output }) => output),
    ),
  ]
  const completed = new Map(options.completed?.map((row) => [row.id, row]))
  const measured = {
    ...options,
    groupedBy: groups.length,
    classes: classesAttribute(options.classes, groups),
    pooled: options.poolQuestions ?? false,
  }
  const heldOut = await heldOutOf(options, { bound, records, free, groups, slots: plan.slots })
  const root = createRandom(seed)
  const reports: ArmReport[] = []
  const portrait = collectPortrait(arms)
  const saidOfArms: string[] = []
  for (const arm of arms) {
    signal?.throwIfAborted()
    options.onPhase?.(arm.name, 'ask')
    const random = root.fork(`arm ${arm.name}`)
    const armOptions: RunArmOptions = {
      ...options,
      arm,
      plan,
      bound: own.bound.get(arm.name) ?? bound,
      counted: !weighed,
      template,
      shown,
      random,
      completed,
    }
    const run = await runArm(armOptions)
    saidOfArms.push(...run.notes.map((note) => `${arm.name}: ${note}`))
    if (heldOut !== undefined) options.onPhase?.(arm.name, 'score', heldOut.rows)
    const likely = await heldOut?.scoreArm(armOptions, run)
    options.onPhase?.(arm.name, 'measure')
    const [texts, choices] = byKind(plan.slots, run)
    const likelihood = likely?.measure()
    reports.push({
      ...outlineOf(arm, run, likely?.rows),
      ...(likelihood !== undefined && { likelihoods: likelihood.likelihoods }),
      ...(free.length > 0 && {
        texts: withFigures(
          await measureTexts({
            ...measured,
            judge,
            real: free,
            realEmbeddings,
            simulated: texts,
            shown: shownTexts(arm),
            onEmbeddings: (rows) => portrait.texts(arm.name, rows),
          }),
          likelihood?.figures,
        ),
      }),
      ...(closed.length > 0 && {
        choices: measureChoices({
          ...measured,
          real: closed,
          simulated: choices,
          onCounted: (counted) => portrait.choices({ arm: arm.name, ...counted }),
        }),
      }),
    })
  }
  return {
    mop: 'evaluation',
    version: evaluationVersion,
    seed,
    n,
    model: generator.id,
    encoder: encoder.id,
    judge: judge.id,
    template: template.id,
    temperature: options.temperature ?? "of the mixture's draw",
    ...(groups.length > 0 && { groups: groups.join(', ') }),
    ...(closed.length > 0 && { closedAnswers: weighed ? 'weighed' : 'counted' }),
    ...(options.environment !== undefined && { environment: options.environment }),
    records: {
      used: records.length,
      free: free.length,
      closed: closed.length,
      respondents: new Set(real.map(({ respondent }) => respondent)).size,
      inputs: new Set(records.map(({ input }) => input)).size,
      inputsAsked: plan.inputs,
    },
    ...(heldOut !== undefined && { heldOut: heldOut.report() }),
    split: await splitProof({ mixture, arms, records, training, dropped }),
    arms: reports,
    portrait: await portrait.portray({ ...options, bound, slots: plan.slots, realEmbeddings }),
    notes: [
      ...evaluationNotes(options, {
        records,
        inputsAsked: plan.inputs,
        unknown: plan.unknownGroups,
        weighed: closed.length > 0 && weighed,
      }),
      ...own.notes,
      ...saidOfArms,
      ...heldOutNotes(options, free.length, heldOut?.report()),
    ],
  }
}

function checkArms(arms: readonly Arm[]): void {
  const names = arms.map(({ name }) => name)
  if (names.length > 0 && new Set(names).size === names.length) return
  throw new InvalidArgumentError({
    argument: 'arms',
    expected: 'at least one, of different names',
    found: names.length === 0 ? 'none' : names.join(', '),
  })
}

/** Answers to open questions, and to closed ones with their choices. */
function byKind(
  slots: readonly EvaluationSlot[],
  { answers }: ArmRun,
): [ArmRow[], { readonly row: ArmRow; readonly choices: readonly string[] }[]] {
  const choices = answers.map((row, index) => ({ row, choices: slots[index]?.choices }))
  return [
    choices.flatMap(({ row, choices: of }) => (of === undefined ? [row] : [])),
    choices.flatMap(({ row, choices: of }) => (of === undefined ? [] : [{ row, choices: of }])),
  ]
}

function withFigures(part: ReportedPart, figures: readonly ReportedFigure[] = []): ReportedPart {
  return { ...part, figures: [...part.figures, ...figures] }
}

function outlineOf(
  arm: Arm,
  { answers, steps }: ArmRun,
  scores?: readonly ArmRow[],
): Omit<ArmReport, 'texts' | 'choices'> {
  const rows = [...answers, ...steps, ...(scores ?? [])]
  return {
    name: arm.name,
    uses: arm.uses,
    ...(arm.ablates !== undefined && { ablates: arm.ablates }),
    responses: answers.length,
    calls: {
      answers: answers.length,
      steps: steps.length,
      ...(scores !== undefined && { scores: scores.reduce((sum, { usage }) => sum + usage.calls, 0) }),
      inputTokens: rows.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      outputTokens: rows.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
    },
    cutOff: answers.filter(({ finishReason }) => finishReason === 'length').length,
  }
}
