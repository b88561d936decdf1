import type { ReactNode } from 'react'
import type { DrawnPromptView } from '../../api-contract.ts'
import { decimal, percent } from './format-number.ts'

const roles = { system: 'System', user: 'User', assistant: 'Assistant' } as const

/** One drawn prompt, message by message, as the model is shown it. */
export function PromptView({ prompt }: { readonly prompt: DrawnPromptView }): ReactNode {
  const { messages, draw } = prompt
  return (
    <div className="prompt">
      <p className="draw">
        Drew <strong>{draw.personas.join(' + ')}</strong>
        {draw.exemplars.length > 0 && (
          <>
            {' '}
            with exemplar <code>{draw.exemplars.join(', ')}</code>
          </>
        )}
        , probability {percent(draw.probability)}, temperature {decimal(draw.temperature)}, seed{' '}
        <code>{draw.seed}</code>
      </p>
      <ol className="messages">
        {messages.map(({ role, content }, index) => (
          <li key={index} className={`message ${role}`}>
            <span className="role">{roles[role]}</span>
            <span className="content">{content}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
