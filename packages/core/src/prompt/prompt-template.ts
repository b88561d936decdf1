import type { Exemplar } from '../exemplar/exemplar.ts'
import type { Persona } from '../persona/persona.ts'
import type { ChatMessage } from '../ports/chat-message.ts'

/** One (persona, exemplar) component of a prompt. Either may be absent: bare, persona only, exemplar only. A persona of empty text counts as absent. */
export interface PromptPair {
  readonly persona?: Pick<Persona, 'text'> | undefined
  readonly exemplar?: Pick<Exemplar, 'input' | 'output'> | undefined
}

/**
 * Renders pairs and an input as chat messages. Scoring and drawing use the same template.
 * `id` changes whenever the rendering does: likelihoods are stored under it.
 * The messages of the pairs come first and the input last, so that engines can reuse the computed prefix.
 */
export interface PromptTemplate {
  readonly id: string
  render(pairs: readonly PromptPair[], input: string): readonly ChatMessage[]
}

export const personaInstruction = 'Answer as this person would.'

/**
 * The default: persona texts in one system message under a one-line instruction, each exemplar as a
 * user turn and an assistant turn, the input as the last user turn. Nothing but the input when bare.
 */
export const chatTemplate: PromptTemplate = {
  id: 'chat-1',
  render(pairs, input) {
    const personas = pairs.flatMap((pair) => (pair.persona?.text ? [pair.persona.text] : []))
    const messages: ChatMessage[] = []
    if (personas.length > 0) {
      messages.push({ role: 'system', content: [personaInstruction, ...personas].join('\n\n') })
    }
    for (const { exemplar } of pairs) {
      if (exemplar === undefined) continue
      messages.push(
        { role: 'user', content: exemplar.input },
        { role: 'assistant', content: exemplar.output },
      )
    }
    messages.push({ role: 'user', content: input })
    return messages
  },
}
