/** One turn of a chat prompt. A final `assistant` turn is a prefix that the model continues. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}
