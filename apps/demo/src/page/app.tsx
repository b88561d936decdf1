import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import type { Problem, Status } from '../api-contract.ts'
import { RetryNotice } from './parts/retry-notice.tsx'
import { call, problemOf } from './server.ts'
import { routeAddress, useRoute, type View, views } from './use-route.ts'
import type { ViewProperties } from './view-properties.ts'
import { CompareView } from './views/compare-view.tsx'
import { FitView } from './views/fit-view.tsx'
import { FrameworksView } from './views/frameworks-view.tsx'
import { MixtureView } from './views/mixture-view.tsx'
import { PopulationView } from './views/population-view.tsx'

const titles: Readonly<Record<View, string>> = {
  population: 'Population',
  mixture: 'Mixture',
  compare: 'Bare beside mixture',
  frameworks: 'Frameworks',
  fit: 'Fit',
}

const contents: Readonly<Record<View, (properties: ViewProperties) => ReactNode>> = {
  population: PopulationView,
  mixture: MixtureView,
  compare: CompareView,
  frameworks: FrameworksView,
  fit: FitView,
}

export function App(): ReactNode {
  const navigation = useRoute()
  const { view, parameters } = navigation.route
  const [status, setStatus] = useState<Status>()
  const [problem, setProblem] = useState<Problem>()
  const refresh = useCallback(async () => {
    try {
      setStatus(await call<Status>('/status'))
      setProblem(undefined)
    } catch (error) {
      setProblem(problemOf(error))
    }
  }, [])
  useEffect(() => void refresh(), [refresh])
  useEffect(() => {
    document.title = `${titles[view]} · Mixture of Personas`
  }, [view])
  const wanted = parameters.get('population')
  const population = status?.populations.find(({ id }) => id === wanted) ?? status?.populations[0]
  const Content = contents[view]
  const shownId = population?.id
  const shownBefore = useRef(shownId)
  // After an upload or a deletion what had the focus is gone.
  useEffect(() => {
    const lost = document.activeElement === null || document.activeElement === document.body
    if (shownBefore.current !== undefined && shownBefore.current !== shownId && lost) {
      document.getElementById('content')?.focus({ preventScroll: true })
    }
    shownBefore.current = shownId
  }, [shownId])
  return (
    <>
      <a className="skip" href="#content" onClick={skipToContent}>
        Skip to content
      </a>
      <header className="top">
        <div className="brand">
          <h1>Mixture of Personas</h1>
          <p>Ask a population instead of a language model.</p>
        </div>
        {status && <EngineBadge engine={status.engine} />}
        <nav aria-label="Views">
          {views.map((name) => (
            <a
              key={name}
              href={routeAddress(name, parameters)}
              aria-current={name === view ? 'page' : undefined}
            >
              {titles[name]}
            </a>
          ))}
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        {problem && <RetryNotice problem={problem} onRetry={() => void refresh()} />}
        {status === undefined && problem === undefined && <p role="status">Loading …</p>}
        {status && population && (
          <Content
            key={`${view} ${population.id}`}
            status={status}
            population={population}
            navigation={navigation}
            refresh={refresh}
          />
        )}
      </main>
    </>
  )
}

/** The address is the route, so the link may not change it. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

function EngineBadge({ engine }: { readonly engine: Status['engine'] }): ReactNode {
  return (
    <p className="engine">
      Answers by <strong>{engine.model}</strong>,{' '}
      {engine.kind === 'embedded' ? 'on this machine' : `at ${engine.baseUrl ?? 'a remote server'}`}
    </p>
  )
}
