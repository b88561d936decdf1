import {
  addUsage,
  type BoundMixture,
  chatTemplate,
  freshSeed,
  noUsage,
  type PromptTemplate,
  renderConversation,
  simulate,
  type SimulatedRow,
  type SimulateOptions,
  type Usage,
} from '@mop/core'
import { createAiSdkGenerator } from './ai-sdk-generator.ts'
import type { ChatModel } from './chat-model.ts'

export interface SimulatePopulationOptions extends Pick<
  SimulateOptions,
  | 'completed'
  | 'given'
  | 'method'
  | 'onProgress'
  | 'onRow'
  | 'pairs'
  | 'retries'
  | 'template'
  | 'temperatureScale'
> {
  /** Any language model object; not one wrapped by `withMop`, which would draw a second time. */
  readonly model: ChatModel
  /** From core's `bindEncoder(mixture, encoder)`. */
  readonly mixture: BoundMixture
  /** What each of them is asked. */
  readonly prompt: string
  /** How many answers. */
  readonly n: number
  /** A system text of your own, before the personas. */
  readonly instructions?: string | undefined
  /** Names the rows: `<id>:<number>`. Default `prompt`. */
  readonly id?: string | undefined
  /** Default a fresh one, which the result names. */
  readonly seed?: number | string | undefined
  readonly maxOutputTokens?: number | undefined
  /** Answers under way at the same time. Default 8. */
  readonly concurrency?: number | undefined
  readonly abortSignal?: AbortSignal | undefined
}

export interface PopulationAnswers {
  /** In the order of the draws; each says its persona, exemplar, probability, seed and usage. */
  readonly rows: readonly SimulatedRow[]
  /** Of the whole run: it gives the same draws again. */
  readonly seed: number | string
  readonly usage: Usage
}

/**
 * n answers to one prompt, aligned with the population: every component is drawn as often as its weight says, give or
 * take one (core's `simulate`, which retries a busy or unreachable model with exponential backoff).
 * @throws InvalidArgumentError for a string id, an n that is no count, and an unknown attribute or value in `given`. Errors of the model travel; `onRow` has seen what was answered.
 */
export async function simulatePopulation(options: SimulatePopulationOptions): Promise<PopulationAnswers> {
  const { model, mixture, prompt, n, instructions, id = 'prompt', seed = freshSeed(), ...settings } = options
  const { template = chatTemplate, maxOutputTokens, abortSignal, concurrency = 8, ...rest } = settings
  const rows = await simulate({
    ...rest,
    ...mixtureOf(mixture),
    generator: createAiSdkGenerator(model),
    inputs: [{ id, input: prompt }],
    draws: n,
    seed,
    template: instructions === undefined ? template : withInstructions(template, instructions),
    maxTokens: maxOutputTokens,
    signal: abortSignal,
    concurrency,
    batchSize: 1,
  })
  return { rows, seed, usage: rows.reduce((sum, { usage }) => addUsage(sum, usage), noUsage) }
}

function mixtureOf({ mixture, encoder }: BoundMixture): Pick<SimulateOptions, 'encoder' | 'mixture'> {
  return { mixture, encoder }
}

function withInstructions(template: PromptTemplate, instructions: string): PromptTemplate {
  return {
    id: `${template.id}, with instructions`,
    render: (pairs, input) =>
      renderConversation(template, pairs, [
        { role: 'system', content: instructions },
        { role: 'user', content: input },
      ]).messages,
  }
}
