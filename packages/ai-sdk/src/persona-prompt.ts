import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { ChatMessage, ConversationPrompt } from '@mop/core'
import { promptMessage } from './prompt-message.ts'

/**
 * What a draw depends on: the system texts and what the user said. The text parts of a message are joined by a line
 * break; its other parts (images, files) do not count.
 */
export function conversationOfPrompt(prompt: LanguageModelV4Prompt): ChatMessage[] {
  return prompt.flatMap((message): ChatMessage[] => {
    if (message.role === 'system') return [{ role: 'system', content: message.content }]
    if (message.role !== 'user') return []
    const texts = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
    return [{ role: 'user', content: texts.join('\n') }]
  })
}

/** One system message, the exemplars as turns, then every other message as it was. */
export function personaPrompt(
  prompt: LanguageModelV4Prompt,
  { system, exemplarTurns }: ConversationPrompt,
): LanguageModelV4Prompt {
  const own = prompt.filter(({ role }) => role === 'system')
  const options = own.flatMap(({ providerOptions }) => providerOptions ?? [])
  return [
    ...(system === undefined
      ? []
      : [
          {
            role: 'system' as const,
            content: system,
            ...(options.length > 0 && { providerOptions: Object.assign({}, ...options) as object }),
          },
        ]),
    ...exemplarTurns.map(promptMessage),
    ...prompt.filter(({ role }) => role !== 'system'),
  ]
}
