import type { ChatMessage } from '@mop/core'

/** A message of texts as AI SDK 6 and 7 both write it. */
export type PromptMessage =
  | { role: 'system'; content: string }
  | { role: 'user' | 'assistant'; content: { type: 'text'; text: string }[] }

export function promptMessage({ role, content }: ChatMessage): PromptMessage {
  return role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] }
}
