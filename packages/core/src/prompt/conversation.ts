import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import type { ChatMessage } from '../ports/chat-message.ts'
import type { PromptPair, PromptTemplate } from './prompt-template.ts'

/** A prompt in the parts that frameworks keep apart. */
export interface ConversationPrompt {
  /** The caller's own system text, then what the pairs add to it; undefined where there is neither. */
  readonly system: string | undefined
  /** The exemplars as turns. They belong to this call, not to the conversation's history. */
  readonly exemplarTurns: readonly ChatMessage[]
  /** System message, exemplar turns, then the conversation as it was. */
  readonly messages: readonly ChatMessage[]
}

/** The text that a mixture takes as x: the last user message. @throws InvalidArgumentError where there is none. */
export function inputOfConversation(conversation: readonly ChatMessage[]): string {
  const last = conversation.findLast(({ role }) => role === 'user')
  if (last !== undefined) return last.content
  throw new InvalidArgumentError({
    argument: 'conversation',
    expected: 'one with a message of the user, whose text the mixture answers',
    found: conversation.length === 0 ? 'no message' : conversation.map(({ role }) => role).join(', '),
  })
}

/**
 * Puts pairs into a conversation: for a single user message exactly what `template.render` gives. A system text of
 * the caller's stays and comes first, so that what is the same in every call is a prefix; several become one, since
 * most models take only one. Exemplars come before the conversation's own turns, which stay as they are.
 */
export function renderConversation(
  template: PromptTemplate,
  pairs: readonly PromptPair[],
  conversation: readonly ChatMessage[],
): ConversationPrompt {
  const input = inputOfConversation(conversation)
  const rendered = template.render(pairs, input)
  const last = rendered.at(-1)
  if (last?.role !== 'user' || last.content !== input) {
    throw new InvalidArgumentError({
      argument: 'template',
      expected: 'one that ends with the input as a user message, so that a conversation can take its place',
      found: `${template.id}, which ends with ${last === undefined ? 'nothing' : `${last.role} ${JSON.stringify(last.content.slice(0, 60))}`}`,
    })
  }
  const before = rendered.slice(0, -1)
  const systems = [...conversation, ...before].flatMap(({ role, content }) =>
    role === 'system' && content !== '' ? [content] : [],
  )
  const system = systems.length === 0 ? undefined : systems.join('\n\n')
  const exemplarTurns = before.filter(({ role }) => role !== 'system')
  const turns = conversation.filter(({ role }) => role !== 'system')
  return {
    system,
    exemplarTurns,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...exemplarTurns,
      ...turns,
    ],
  }
}
