import type { ReactNode } from 'react'
import type { AnswerEvent, Side } from '../../api-contract.ts'
import { count } from './format-number.ts'

/** The answers of one side, in their order. */
export function AnswerColumn({
  title,
  side,
  answers,
}: {
  readonly title: string
  readonly side: Side
  readonly answers: readonly AnswerEvent[]
}): ReactNode {
  const own = answers.filter((answer) => answer.side === side).toSorted((a, b) => a.index - b.index)
  const distinct = new Set(own.map(({ text }) => text.trim())).size
  return (
    <section className={`answers ${side}`} aria-label={title}>
      <h3>{title}</h3>
      <p className="hint">
        {own.length === 0 ? 'No answer yet' : `${count(own.length, 'answer')}, ${distinct} different`}
      </p>
      <ol>
        {own.map(({ index, text, persona, cutOff }) => (
          <li key={index} value={index + 1}>
            {persona !== undefined && <span className="tag">{persona}</span>}
            {text.trim() === '' ? <em>(empty)</em> : text}
            {cutOff && <span className="hint"> … (cut off)</span>}
          </li>
        ))}
      </ol>
    </section>
  )
}
