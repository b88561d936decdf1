import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { BoundMixture } from '../mixture/bound-mixture.ts'
import type { GroupCondition } from '../mixture/attribute-table.ts'
import type { Draw } from '../mixture/draw.ts'
import type { Mixture } from '../mixture/mixture.ts'
import { promptPairs } from '../mixture/prompt-pairs.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import { type ConversationPrompt, inputOfConversation, renderConversation } from '../prompt/conversation.ts'
import { chatTemplate, type PromptTemplate } from '../prompt/prompt-template.ts'
import { createRandom } from '../random/random.ts'

/** What a caller may say about one draw. */
export interface DrawPromptOptions {
  /** The same seed and input give the same draw. Default a fresh one; `DrawReport` says which. */
  readonly seed?: number | string | undefined
  /** Draws a member of this group only, such as `{ age: '18-29' }`. */
  readonly given?: GroupCondition | undefined
  /** Fixes the persona, by its id. */
  readonly persona?: string | undefined
  /** L, components in the prompt. Default 1. */
  readonly pairs?: number | undefined
  /** Default `chatTemplate`. */
  readonly template?: PromptTemplate | undefined
  readonly signal?: AbortSignal | undefined
}

/** What was drawn, as data to keep beside an answer: ids, no texts of the population. */
export interface DrawReport {
  /** Of each component in the prompt. */
  readonly personas: readonly string[]
  readonly exemplars: readonly string[]
  /** Of this draw given the input (and the group or persona asked for). */
  readonly probability: number
  /** τ, at which the model is to answer. */
  readonly temperature: number
  readonly seed: number | string
}

export interface DrawnPrompt extends ConversationPrompt {
  readonly draw: Draw
  readonly report: DrawReport
}

/** A seed that has not been used before: 32 random bits. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number
}

/**
 * Draws for the last user message of a conversation and puts the drawn persona and exemplars into it: what every adapter
 * does with a call. One draw may serve several calls of a run: see `promptOfDraw`.
 * @throws InvalidArgumentError for a conversation without a user message, an unknown persona, attribute or value.
 */
export async function drawPrompt(
  bound: BoundMixture,
  conversation: readonly ChatMessage[],
  options: DrawPromptOptions = {},
): Promise<DrawnPrompt> {
  const { seed = freshSeed(), given, pairs, signal } = options
  const { mixture } = bound
  const draw = await bound.draw(inputOfConversation(conversation), {
    random: createRandom(seed).fork('draw'),
    ...(given !== undefined && { given }),
    ...(pairs !== undefined && { pairs }),
    ...(options.persona !== undefined && { persona: personaIndex(mixture, options.persona) }),
    ...(signal !== undefined && { signal }),
  })
  return promptOfDraw(mixture, draw, conversation, { seed, template: options.template })
}

/** Puts a draw that was made before into a conversation, as a later step of the same run does. */
export function promptOfDraw(
  mixture: Mixture,
  draw: Draw,
  conversation: readonly ChatMessage[],
  options: { readonly seed: number | string; readonly template?: PromptTemplate | undefined },
): DrawnPrompt {
  const { seed, template = chatTemplate } = options
  return {
    ...renderConversation(template, promptPairs(mixture, draw), conversation),
    draw,
    report: reportOfDraw(mixture, draw, seed),
  }
}

export function reportOfDraw(mixture: Mixture, draw: Draw, seed: number | string): DrawReport {
  const { pairs, temperature, probability } = draw
  return {
    personas: pairs.map(({ persona }) => mixture.personas[persona]?.id ?? ''),
    exemplars: pairs.flatMap(({ exemplar }) => mixture.exemplars[exemplar]?.id ?? []),
    probability,
    temperature,
    seed,
  }
}

function personaIndex(mixture: Mixture, id: string): number {
  const index = mixture.personas.findIndex((persona) => persona.id === id)
  if (index >= 0) return index
  const known = mixture.personas.map((persona) => persona.id)
  throw new InvalidArgumentError({
    argument: 'persona',
    expected: `the id of a persona: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}`,
    found: JSON.stringify(id),
  })
}
