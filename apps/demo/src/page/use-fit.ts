import { useEffect, useState } from 'react'
import type { FitState, PopulationSummary, Problem } from '../api-contract.ts'
import { call, isAbort, problemOf } from './server.ts'

const pollMilliseconds = 600

/** The state of a population's fit, asked for while it runs. `changed` is called when it ends. */
export function useFit(
  population: PopulationSummary,
  changed: () => Promise<void>,
): {
  readonly fit: FitState | undefined
  readonly problem: Problem | undefined
  readonly set: (fit: FitState) => void
} {
  const [fit, setFit] = useState(population.fit)
  const [problem, setProblem] = useState<Problem>()
  const running = fit?.status === 'running'
  useEffect(() => {
    if (!running) return
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = async (): Promise<void> => {
      try {
        const found = await call<FitState>(`/populations/${population.id}/fit`, { signal: controller.signal })
        setFit(found)
        setProblem(undefined)
        if (found.status !== 'running') return await changed()
      } catch (error) {
        if (isAbort(error)) return
        setProblem(problemOf(error))
      }
      timer = setTimeout(() => void poll(), pollMilliseconds)
    }
    timer = setTimeout(() => void poll(), pollMilliseconds)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [running, population.id, changed])
  return { fit, problem, set: setFit }
}
