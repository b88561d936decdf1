import { type ReactNode, useId, useState } from 'react'
import type { AnswerEvent, AskEvent, AskRequest, ChoicePicture, MapPicture } from '../../api-contract.ts'
import type { ViewProperties } from '../view-properties.ts'
import { AnswerColumn } from '../parts/answer-column.tsx'
import { ChoiceChart } from '../parts/choice-chart.tsx'
import { givenOf, GroupField } from '../parts/group-field.tsx'
import { NoMixture } from '../parts/no-mixture.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { askedOf, QuestionField } from '../parts/question-field.tsx'
import { RetryNotice } from '../parts/retry-notice.tsx'
import { ResponseMap } from '../parts/response-map.tsx'
import { callStream, ServerError } from '../server.ts'
import { useMixture } from '../use-mixture.ts'
import { useFocusHome } from '../use-focus-home.ts'
import { useRun } from '../use-run.ts'

/** The same question, asked n times of the bare model and of the mixture. */
export function CompareView({ status, population, navigation }: ViewProperties): ReactNode {
  const id = useId()
  const { parameters } = navigation.route
  const { mixture, problem: mixtureProblem, retry } = useMixture(population)
  const run = useRun()
  const home = useFocusHome<HTMLButtonElement>(run.running)
  const [answers, setAnswers] = useState<readonly AnswerEvent[]>([])
  const [picture, setPicture] = useState<ChoicePicture | MapPicture>()
  const [asked, setAsked] = useState<AskRequest>()
  const { input, choices } = askedOf(population, parameters)
  const n = Math.min(status.limits.answers, Number(parameters.get('n') ?? 20) || 1)
  const seed = Number(parameters.get('seed') ?? 1)
  const given = givenOf(mixture, parameters)

  const ask = (): void => {
    const request: AskRequest = {
      input: input.trim(),
      n,
      seed,
      ...(choices && { choices }),
      ...(given && { given }),
    }
    setAnswers([])
    setPicture(undefined)
    setAsked(request)
    run.start(async (signal) => {
      for await (const event of callStream<AskEvent>(`/populations/${population.id}/ask`, {
        json: request,
        signal,
      })) {
        if (event.type === 'answer') setAnswers((before) => [...before, event])
        else if (event.type === 'picture') setPicture(event.picture)
        else if (event.type === 'failed') throw new ServerError(event.problem, 500)
      }
    })
  }
  if (!population.hasMixture) return <NoMixture parameters={parameters} />
  const done = answers.length
  const total = 2 * (asked?.n ?? n)
  return (
    <>
      <h2>The bare model beside the mixture</h2>
      <p className="lead">
        One model, one question, asked many times. On the left as it is; on the right each time with a persona
        and an exemplar that the mixture drew.
      </p>
      {mixtureProblem && <RetryNotice problem={mixtureProblem} onRetry={retry} />}
      <form
        className="controls"
        onSubmit={(event) => {
          event.preventDefault()
          if (!run.running) ask()
        }}
      >
        <QuestionField
          population={population}
          parameters={parameters}
          set={navigation.set}
          limit={status.limits.questionCharacters}
          withChoices
        />
        {mixture && <GroupField mixture={mixture} parameters={parameters} set={navigation.set} />}
        <div className="row">
          <NumberField
            label="Answers of each"
            value={n}
            minimum={1}
            maximum={status.limits.answers}
            onChange={(value) => navigation.set({ n: String(value) })}
          />
          <NumberField
            label="Seed"
            value={seed}
            minimum={0}
            maximum={999_999}
            onChange={(value) => navigation.set({ seed: String(value) })}
          />
          <button
            ref={home}
            type="submit"
            aria-disabled={run.running || undefined}
            disabled={input.trim() === ''}
          >
            Ask both
          </button>
          {run.running && (
            <button type="button" className="secondary" onClick={run.stop}>
              Stop
            </button>
          )}
        </div>
      </form>
      <p role="status" className="hint">
        {run.running && `${done} of ${total} answers${done === total ? '; drawing the picture …' : ''}`}
        {!run.running &&
          run.stopped &&
          `Stopped after ${done} of ${total} answers. Those that came are below.`}
      </p>
      {run.problem && <ProblemNotice problem={run.problem} />}
      {picture && (
        <section aria-labelledby={`${id}-picture`}>
          <h3 id={`${id}-picture`}>How close to the people?</h3>
          {picture.kind === 'choices' ? <ChoiceChart picture={picture} /> : <ResponseMap picture={picture} />}
        </section>
      )}
      {asked && (
        <div className="columns equal">
          <AnswerColumn title="Bare model" side="bare" answers={answers} />
          <AnswerColumn title="Mixture of personas" side="mixture" answers={answers} />
        </div>
      )}
    </>
  )
}
