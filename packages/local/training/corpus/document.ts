import { chatTemplate, type PromptPair } from '@mop/core'

/** The shapes of prompt that MoP uses, and plain text. */
export const shapes = ['bare', 'persona', 'exemplar', 'both', 'two pairs', 'text'] as const
export type PromptShape = (typeof shapes)[number]
/** An interview is several closed questions under one persona. */
export type Shape = PromptShape | 'interview'

/** One training text: the messages of a prompt in order, the answer last. */
export interface TrainingDocument {
  readonly shape: Shape
  /** Whether the society spoke it, as free text or to a closed question, or it was made up for copying. */
  readonly source: 'society' | 'closed question' | 'made up'
  readonly turns: readonly (readonly [role: 'system' | 'user' | 'assistant' | 'text', content: string])[]
}

export function chatDocument(
  shape: Shape,
  source: TrainingDocument['source'],
  pairs: readonly PromptPair[],
  input: string,
  output: string,
): TrainingDocument {
  const messages = chatTemplate.render(pairs, input).map(({ role, content }) => [role, content] as const)
  return { shape, source, turns: [...messages, ['assistant', output]] }
}

export function textDocument(source: TrainingDocument['source'], text: string): TrainingDocument {
  return { shape: 'text', source, turns: [['text', text]] }
}
