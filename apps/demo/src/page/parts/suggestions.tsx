import { type ReactNode, useId } from 'react'
import type { Question } from '../../api-contract.ts'

/** The questions that the records answer, in two groups. */
export function Suggestions({
  questions,
  chosen,
  onChoose,
}: {
  readonly questions: readonly Question[]
  readonly chosen: string
  readonly onChoose: (question: string) => void
}): ReactNode {
  const id = useId()
  const options = (some: readonly Question[]): ReactNode =>
    some.map(({ input, records }) => (
      <option key={input} value={input}>
        {`${input} (${records})`}
      </option>
    ))
  const closed = questions.filter(({ choices }) => choices !== undefined)
  const free = questions.filter(({ choices }) => choices === undefined)
  const known = questions.some(({ input }) => input === chosen)
  return (
    <>
      <label htmlFor={id} className="quiet">
        or one of the records’ questions
      </label>
      <select id={id} value={known ? chosen : ''} onChange={(event) => onChoose(event.target.value)}>
        <option value="" disabled>
          Choose …
        </option>
        {closed.length > 0 && <optgroup label="Closed questions">{options(closed)}</optgroup>}
        {free.length > 0 && <optgroup label="Free text">{options(free)}</optgroup>}
      </select>
    </>
  )
}
