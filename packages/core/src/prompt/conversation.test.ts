import { describe, expect, test } from 'vitest'
import { renderConversation } from './conversation.ts'
import { chatTemplate } from './prompt-template.ts'

const pair = { persona: { text: 'Is brief.' }, exemplar: { input: 'How was it?', output: 'fine' } }

describe('renderConversation', () => {
  test('a single user message is what the template renders', () => {
    const { messages } = renderConversation(chatTemplate, [pair], [{ role: 'user', content: 'And you?' }])
    expect(messages).toEqual(chatTemplate.render([pair], 'And you?'))
  })

  test("the caller's system texts come first, as one message with the persona's", () => {
    const { messages, system } = renderConversation(
      chatTemplate,
      [pair],
      [
        { role: 'system', content: 'One sentence.' },
        { role: 'user', content: 'And you?' },
        { role: 'system', content: 'No jokes.' },
      ],
    )
    expect(system).toBe('One sentence.\n\nNo jokes.\n\nAnswer as this person would.\n\nIs brief.')
    expect(messages.filter(({ role }) => role === 'system')).toHaveLength(1)
    expect(messages[0]?.role).toBe('system')
  })

  test('exemplars come before the history, which keeps its order', () => {
    const history = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'And you?' },
      { role: 'assistant', content: 'Let me see' },
    ] as const
    const { messages, exemplarTurns } = renderConversation(chatTemplate, [pair], history)
    expect(exemplarTurns.map(({ content }) => content)).toEqual(['How was it?', 'fine'])
    expect(messages.slice(1)).toEqual([...exemplarTurns, ...history])
  })

  test('a bare prompt without a system text has none', () => {
    const { system, messages } = renderConversation(chatTemplate, [], [{ role: 'user', content: 'x' }])
    expect(system).toBeUndefined()
    expect(messages).toEqual([{ role: 'user', content: 'x' }])
  })

  test('a conversation without a user, and a template that does not end with the input, are refused', () => {
    expect(() => renderConversation(chatTemplate, [], [{ role: 'assistant', content: 'x' }])).toThrow(
      'a message of the user',
    )
    const odd = { id: 'odd', render: () => [{ role: 'system' as const, content: 'x' }] }
    expect(() => renderConversation(odd, [], [{ role: 'user', content: 'x' }])).toThrow(
      'odd, which ends with',
    )
  })
})
