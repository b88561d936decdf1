import { type ReactNode, useId } from 'react'
import type { ViewProperties } from '../view-properties.ts'
import { count } from '../parts/format-number.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { RecordTable } from '../parts/record-table.tsx'
import { UploadField } from '../parts/upload-field.tsx'
import { call } from '../server.ts'
import { routeAddress } from '../use-route.ts'
import { useRun } from '../use-run.ts'

/** What a population is: records of what its members said. */
export function PopulationView({ status, population, navigation, refresh }: ViewProperties): ReactNode {
  const id = useId()
  const removal = useRun()
  const { name, records, respondents, closedAnswers, notes, questions, sample, shipped } = population
  const { parameters } = navigation.route
  const remove = (): void => {
    if (!window.confirm(`Delete ${name}, its mixture and its likelihoods from this server?`)) return
    removal.start(async (signal) => {
      await call(`/populations/${population.id}`, { method: 'DELETE', signal })
      navigation.set({ population: undefined, question: undefined })
      await refresh()
    })
  }
  return (
    <>
      <h2>Ask a model a thousand times and you hear one polite voice. A population does not answer so.</h2>
      <p className="lead">
        From records of what people really said, Mixture of Personas learns which persona and which real
        example to put into the prompt, how often, and for which question. Then the same model answers as
        varied as the population does.
      </p>
      <div className="steps">
        <a href={routeAddress('mixture', parameters)}>
          <strong>1. See the mixture</strong> Whose turn is it, for the question that you type?
        </a>
        <a href={routeAddress('compare', parameters)}>
          <strong>2. Compare</strong> The bare model beside the mixture, and the real answers.
        </a>
        <a href={routeAddress('frameworks', parameters)}>
          <strong>3. Drop it in</strong> LangChain, AI SDK and LlamaIndex, with the code that runs.
        </a>
        <a href={routeAddress('fit', parameters)}>
          <strong>4. Fit your own</strong> From a file of yours, on this machine.
        </a>
      </div>
      <section aria-labelledby={`${id}-title`}>
        <h3 id={`${id}-title`}>The population</h3>
        <div className="controls">
          <div>
            <label htmlFor={`${id}-choose`}>Population</label>
            <select
              id={`${id}-choose`}
              value={population.id}
              onChange={({ target }) =>
                navigation.set({ population: target.value, question: undefined, choices: undefined })
              }
            >
              {status.populations.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.shipped ? `${one.name} (comes with the demo)` : one.name}
                </option>
              ))}
            </select>
            {!shipped && (
              <button type="button" className="secondary" onClick={remove} disabled={removal.running}>
                Delete this population
              </button>
            )}
          </div>
          <UploadField
            limits={status.limits}
            onUploaded={async (uploaded) => {
              await refresh()
              navigation.set({ population: uploaded.id, question: undefined, choices: undefined })
            }}
          />
        </div>
        {removal.problem && <ProblemNotice problem={removal.problem} />}
        <p>
          <strong>{count(records, 'record')}</strong>
          {respondents > 0 && <> by {count(respondents, 'respondent')}</>};{' '}
          {count(closedAnswers, 'closed answer')}, {count(questions.length, 'question')} shown on the next
          pages. {population.hasMixture ? 'A mixture is fitted.' : 'No mixture is fitted yet.'}
        </p>
        {notes.map((note) => (
          <p key={note} className="hint">
            {note}
          </p>
        ))}
        <RecordTable records={sample} />
      </section>
    </>
  )
}
