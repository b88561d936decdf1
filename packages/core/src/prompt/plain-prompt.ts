import type { ChatMessage } from '../ports/chat-message.ts'

/**
 * Chat messages as one plain text, for models without a chat template: each message's text as a paragraph, followed by a blank
 * line; roles are not written. A final `assistant` message is the beginning of the answer and stands last, with nothing after it.
 */
export function plainPrompt(messages: readonly ChatMessage[]): string {
  return messages
    .map(({ role, content }, index) =>
      role === 'assistant' && index === messages.length - 1 ? content : `${content}\n\n`,
    )
    .join('')
}
