import { type ReactNode, useEffect, useState } from 'react'
import type {
  AdapterEvent,
  AdapterRequest,
  AdapterSource,
  Framework,
  PersonaSummary,
  Problem,
} from '../../api-contract.ts'
import { call, callStream, isAbort, problemOf, ServerError } from '../server.ts'
import { useFocusHome } from '../use-focus-home.ts'
import { useRun } from '../use-run.ts'
import { decimal, percent } from './format-number.ts'
import { ProblemNotice } from './problem-notice.tsx'

type Answered = Extract<AdapterEvent, { type: 'answered' }>

/** Runs one adapter and shows what ran. */
export function AdapterPanel({
  framework,
  title,
  personas,
  request,
  onNextSeed,
}: {
  readonly framework: Framework
  readonly title: string
  readonly personas: readonly PersonaSummary[]
  readonly request: AdapterRequest
  readonly onNextSeed: () => void
}): ReactNode {
  const run = useRun()
  const home = useFocusHome<HTMLButtonElement>(run.running)
  const [text, setText] = useState('')
  const [answered, setAnswered] = useState<Answered>()
  const [source, setSource] = useState<AdapterSource>()
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    const controller = new AbortController()
    call<AdapterSource>(`/adapters/${framework}/source`, { signal: controller.signal })
      .then(setSource)
      .catch((error: unknown) => {
        if (!isAbort(error)) setProblem(problemOf(error))
      })
    return () => controller.abort()
  }, [framework])
  const start = (): void => {
    if (run.running) return
    setText('')
    setAnswered(undefined)
    run.start(async (signal) => {
      for await (const event of callStream<AdapterEvent>(`/adapters/${framework}/run`, {
        json: request,
        signal,
      })) {
        if (event.type === 'piece') setText((before) => before + event.text)
        else if (event.type === 'answered') {
          setText(event.text)
          setAnswered(event)
        } else if (event.type === 'failed') throw new ServerError(event.problem, 500)
      }
    })
  }
  return (
    <div className="columns adapter">
      <section aria-label={`${title}: answer`}>
        <div className="row">
          <button
            ref={home}
            type="button"
            onClick={start}
            aria-disabled={run.running || undefined}
            disabled={request.input === ''}
          >
            Run {title}
          </button>
          {run.running ? (
            <button type="button" className="secondary" onClick={run.stop}>
              Stop
            </button>
          ) : (
            <button type="button" className="secondary" onClick={onNextSeed}>
              Next seed
            </button>
          )}
        </div>
        {run.problem && <ProblemNotice problem={run.problem} />}
        <div className="answer" aria-live="polite" aria-busy={run.running}>
          {text === '' ? (
            <span className="hint">{run.running ? 'Waiting …' : 'The answer comes here.'}</span>
          ) : (
            text
          )}
        </div>
        {answered && (
          <dl className="draw">
            <dt>Persona</dt>
            <dd>
              <strong>{answered.draw.personas.join(' + ')}</strong>
              <p className="hint">{personas.find(({ id }) => id === answered.draw.personas[0])?.text}</p>
            </dd>
            <dt>Exemplar</dt>
            <dd>
              {answered.draw.exemplars.length === 0 ? (
                'none'
              ) : (
                <code>{answered.draw.exemplars.join(', ')}</code>
              )}
            </dd>
            <dt>Probability</dt>
            <dd>{percent(answered.draw.probability)}</dd>
            <dt>Temperature</dt>
            <dd>{decimal(answered.draw.temperature)}</dd>
            <dt>Seed</dt>
            <dd>{answered.draw.seed}</dd>
          </dl>
        )}
      </section>
      <section aria-label={`${title}: source`}>
        {problem && <ProblemNotice problem={problem} />}
        {source && (
          <>
            <h3>
              <code>{source.file}</code>
            </h3>
            <p className="hint">{source.packages.join(' · ')}</p>
            <pre className="source" tabIndex={0}>
              <code>{source.text}</code>
            </pre>
          </>
        )}
      </section>
    </div>
  )
}
