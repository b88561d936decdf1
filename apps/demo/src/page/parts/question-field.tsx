import { type ReactNode, useId } from 'react'
import type { PopulationSummary, Question } from '../../api-contract.ts'
import { Suggestions } from './suggestions.tsx'

/** The question that the person types, and the choices of a closed one. */
export interface Asked {
  readonly input: string
  readonly choices: readonly string[] | undefined
}

/** A question of the records brings its choices; one of the person's own may be given some, such as `no|maybe|yes`. */
export function askedOf(population: PopulationSummary, parameters: URLSearchParams): Asked {
  const input = parameters.get('question') ?? population.questions[0]?.input ?? ''
  const own = (parameters.get('choices') ?? '')
    .split('|')
    .map((choice) => choice.trim())
    .filter((choice) => choice !== '')
  const known = knownQuestion(population, input)
  return { input, choices: known === undefined ? (own.length > 1 ? own : undefined) : known.choices }
}

function knownQuestion(population: PopulationSummary, input: string): Question | undefined {
  return population.questions.find((question) => question.input === input.trim())
}

export function QuestionField({
  population,
  parameters,
  set,
  limit,
  withChoices = false,
}: {
  readonly population: PopulationSummary
  readonly parameters: URLSearchParams
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void
  readonly limit: number
  /** Whether choices may be typed for a question of one's own. */
  readonly withChoices?: boolean
}): ReactNode {
  const id = useId()
  const { input } = askedOf(population, parameters)
  const known = knownQuestion(population, input)
  return (
    <div className="question">
      <label htmlFor={id}>Question</label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        maxLength={limit}
        value={input}
        placeholder="Type a question, or take one from the records"
        onChange={(event) => set({ question: event.target.value })}
      />
      <Suggestions
        questions={population.questions}
        chosen={input}
        onChoose={(question) => set({ question })}
      />
      {known?.choices !== undefined && (
        <p className="hint">
          A closed question; {known.records} {known.records === 1 ? 'record answers' : 'records answer'} it
          with one of: {known.choices.join(' · ')}
        </p>
      )}
      {known !== undefined && known.choices === undefined && (
        <p className="hint">
          {known.records} {known.records === 1 ? 'record answers' : 'records answer'} this in free text.
        </p>
      )}
      {withChoices && known === undefined && input.trim() !== '' && (
        <>
          <label htmlFor={`${id}-choices`}>
            Choices{' '}
            <span className="hint">for a closed question, separated by | (leave empty for free text)</span>
          </label>
          <input
            id={`${id}-choices`}
            type="text"
            autoComplete="off"
            value={parameters.get('choices') ?? ''}
            placeholder="no | maybe | yes"
            onChange={(event) => set({ choices: event.target.value })}
          />
        </>
      )}
    </div>
  )
}
