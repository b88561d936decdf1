import { type ReactNode, useState } from 'react'
import type { FitRequest, FitState, PopulationSummary } from '../../api-contract.ts'
import type { ViewProperties } from '../view-properties.ts'
import { FitProgress } from '../parts/fit-progress.tsx'
import { HeldOutFigures } from '../parts/held-out-figures.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { RetryNotice } from '../parts/retry-notice.tsx'
import { call } from '../server.ts'
import { useFit } from '../use-fit.ts'
import { useFocusHome } from '../use-focus-home.ts'
import { useMixture } from '../use-mixture.ts'
import { useRun } from '../use-run.ts'

const fields = [
  ['records', 'Records at most', 10, 20_000],
  ['exemplars', 'Exemplars', 1, 200],
  ['rounds', 'Rounds', 1, 6],
  ['pairs', 'Pairs a round', 1, 24],
  ['seed', 'Seed', 0, 999_999],
] as const

function firstRequest({ shipped, records }: PopulationSummary): FitRequest {
  const personas = shipped ? 'given' : 6
  return {
    personas,
    exemplars: 16,
    rounds: 2,
    pairs: 4,
    records: Math.max(10, Math.min(records, 200)),
    seed: 1,
  }
}

/** Learning a mixture from the population's records, with the model that stands beside the server. */
export function FitView({ population, refresh }: ViewProperties): ReactNode {
  const { fit, problem, set } = useFit(population, refresh)
  const { mixture, problem: mixtureProblem, retry } = useMixture(population)
  const [request, setRequest] = useState(fit?.request ?? firstRequest(population))
  const action = useRun()
  const running = fit?.status === 'running'
  const busy = running || action.running
  const home = useFocusHome<HTMLButtonElement>(busy)
  const path = `/populations/${population.id}/fit`
  const start = (wanted: FitRequest): void =>
    action.start(async (signal) => set(await call<FitState>(path, { json: wanted, signal })))
  const cancel = (): void =>
    action.start(async (signal) => {
      set(await call<FitState>(`${path}/cancel`, { method: 'POST', signal }))
      await refresh()
    })
  const change = (changes: Partial<FitRequest>): void => setRequest((before) => ({ ...before, ...changes }))
  const resumable = fit !== undefined && (fit.status === 'cancelled' || fit.status === 'failed')
  return (
    <>
      <h2>Fit a mixture to {population.name}</h2>
      <p className="lead">
        The fit asks the embedded model how likely each real answer is under each persona and exemplar, and
        learns the gate from that. Every likelihood is kept: a fit that is cancelled, or a server that is
        stopped, goes on where it was.
      </p>
      <form
        className="controls"
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) start(request)
        }}
      >
        <div className="row">
          {population.shipped && (
            <label className="number-field">
              Personas
              <select
                value={request.personas === 'given' ? 'given' : 'synthesised'}
                disabled={running}
                onChange={({ target }) => change({ personas: target.value === 'given' ? 'given' : 6 })}
              >
                <option value="given">the given twelve</option>
                <option value="synthesised">from the records</option>
              </select>
            </label>
          )}
          {request.personas !== 'given' && (
            <NumberField
              label="How many personas"
              value={request.personas}
              minimum={1}
              maximum={48}
              disabled={running}
              onChange={(personas) => change({ personas })}
            />
          )}
          {fields.map(([name, label, minimum, maximum]) => (
            <NumberField
              key={name}
              label={label}
              value={request[name]}
              minimum={minimum}
              maximum={maximum}
              disabled={running}
              onChange={(value) => change({ [name]: value })}
            />
          ))}
        </div>
        <p className="hint">
          A pair is a persona and an exemplar. More rounds, and more pairs a round for each record, take
          longer and leave less to chance.
        </p>
        <div className="row">
          <button ref={home} type="submit" aria-disabled={busy || undefined}>
            {fit === undefined ? 'Start the fit' : 'Fit with these settings'}
          </button>
          {running && (
            <button type="button" className="secondary" onClick={cancel} disabled={action.running}>
              Cancel
            </button>
          )}
          {resumable && (
            <button
              type="button"
              className="secondary"
              onClick={() => start(fit.request)}
              disabled={action.running}
            >
              Resume
            </button>
          )}
        </div>
      </form>
      {action.problem && <ProblemNotice problem={action.problem} />}
      {problem && <ProblemNotice problem={problem} />}
      {fit && <FitProgress fit={fit} />}
      {mixtureProblem && <RetryNotice problem={mixtureProblem} onRetry={retry} />}
      {mixture && !running && (
        <>
          <HeldOutFigures mixture={mixture} />
          <Downloads population={population} contains={mixture.contains} />
        </>
      )}
    </>
  )
}

function Downloads({
  population,
  contains,
}: {
  readonly population: PopulationSummary
  readonly contains: readonly string[]
}): ReactNode {
  const file = `/api/populations/${population.id}/mixture.json`
  return (
    <section aria-labelledby="download-title">
      <h3 id="download-title">Take it with you</h3>
      <p className="hint">
        The mixture is one file, for <code>mop simulate</code>, <code>loadMixture</code> and the adapters.
        What it holds of people:
      </p>
      <ul className="hint">
        {contains.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <div className="row">
        <a className="button" href={file} download>
          Download the mixture
        </a>
        <a className="button secondary" href={`${file}?without=texts`} download>
          Without people’s texts
        </a>
      </div>
    </section>
  )
}
