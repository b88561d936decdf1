import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import {
  AIMessage,
  type BaseMessage,
  coerceMessageLikeToMessage,
  HumanMessage,
  SystemMessage,
} from '@langchain/core/messages'
import type { ChatMessage, ConversationPrompt } from '@mop/core'

const roles: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  human: 'user',
  ai: 'assistant',
}

/** What a model of LangChain takes, as messages. */
export function messagesOf(input: BaseLanguageModelInput): readonly BaseMessage[] {
  if (typeof input === 'string') return [new HumanMessage(input)]
  return 'toChatMessages' in input ? input.toChatMessages() : input.map(coerceMessageLikeToMessage)
}

/** Messages as core sees them: their texts. Results of tools say nothing about who answers and are left out. */
export function conversationOf(messages: readonly BaseMessage[]): readonly ChatMessage[] {
  return messages.flatMap((message) => {
    const role = roles[message.type]
    return role === undefined ? [] : [{ role, content: message.text }]
  })
}

export function isSystem(message: BaseMessage): boolean {
  return roles[message.type] === 'system'
}

/** A drawn prompt around the caller's own messages, which stay the objects they are; system messages become one. */
export function drawnMessages(
  prompt: Pick<ConversationPrompt, 'system' | 'exemplarTurns'>,
  messages: readonly BaseMessage[],
): BaseMessage[] {
  return [
    ...(prompt.system === undefined ? [] : [systemMessage(prompt.system, messages.filter(isSystem))]),
    ...exemplarMessages(prompt),
    ...messages.filter((message) => !isSystem(message)),
  ]
}

export function exemplarMessages({
  exemplarTurns,
}: Pick<ConversationPrompt, 'exemplarTurns'>): BaseMessage[] {
  return exemplarTurns.map(({ role, content }) =>
    role === 'assistant' ? new AIMessage(content) : new HumanMessage(content),
  )
}

/** `system` begins with the texts of `own`. Where these are content blocks, such as cached ones, the blocks stay. */
export function systemMessage(system: string, own: readonly BaseMessage[]): SystemMessage {
  if (own.every(({ content }) => typeof content === 'string')) return new SystemMessage(system)
  const before = own
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join('\n\n')
  const blocks = own.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content,
  )
  const added = system.slice(before.length)
  return new SystemMessage({ content: added === '' ? blocks : [...blocks, { type: 'text', text: added }] })
}
