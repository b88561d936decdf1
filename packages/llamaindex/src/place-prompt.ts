import type { ChatMessage as LlamaIndexMessage, MessageContent } from '@llamaindex/core/llms'
import type { ChatMessage, ConversationPrompt } from '@mop/core'

/** The texts of a content; images and files have none. */
export function textOf(content: MessageContent): string {
  if (typeof content === 'string') return content
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
}

/** A message that the user wrote: LlamaIndex gives the results of tools the user's role too. */
export function isFromUser({ role, options }: LlamaIndexMessage): boolean {
  return role === 'user' && !(options !== undefined && 'toolResult' in options)
}

/** What core needs of a conversation: the system's texts and the user's. */
export function conversationOf(messages: readonly LlamaIndexMessage[]): readonly ChatMessage[] {
  return messages.flatMap((message): ChatMessage[] => {
    const content = textOf(message.content)
    if (message.role === 'system') return [{ role: 'system', content }]
    return isFromUser(message) ? [{ role: 'user', content }] : []
  })
}

/** Puts a drawn prompt before a conversation, whose messages (tools, images and all) stay the objects they are. */
export function placePrompt<Options extends object>(
  { system, exemplarTurns }: ConversationPrompt,
  messages: readonly LlamaIndexMessage<Options>[],
): LlamaIndexMessage<Options>[] {
  return [
    ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
    ...exemplarTurns.map(({ role, content }) => ({ role, content })),
    ...messages.filter(({ role }) => role !== 'system'),
  ]
}
