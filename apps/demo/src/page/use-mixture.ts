import { useCallback, useEffect, useState } from 'react'
import type { MixtureSummary, PopulationSummary, Problem } from '../api-contract.ts'
import { call, isAbort, problemOf } from './server.ts'

/** The fitted mixture of a population; nothing where it has none. */
export function useMixture(population: PopulationSummary): {
  readonly mixture: MixtureSummary | undefined
  readonly problem: Problem | undefined
  readonly retry: () => void
} {
  const [mixture, setMixture] = useState<MixtureSummary>()
  const [problem, setProblem] = useState<Problem>()
  const [attempt, setAttempt] = useState(0)
  const retry = useCallback(() => setAttempt((before) => before + 1), [])
  const { id, hasMixture, fit } = population
  useEffect(() => {
    if (!hasMixture) return
    const controller = new AbortController()
    call<MixtureSummary>(`/populations/${id}/mixture`, { signal: controller.signal })
      .then((found) => {
        setMixture(found)
        setProblem(undefined)
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) setProblem(problemOf(error))
      })
    return () => controller.abort()
  }, [id, hasMixture, fit?.status, attempt])
  return { mixture, problem, retry }
}
