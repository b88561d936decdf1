import { useCallback, useEffect, useRef, useState } from 'react'
import type { Problem } from '../api-contract.ts'
import { isAbort, problemOf } from './server.ts'

export interface Run {
  readonly running: boolean
  /** Why the last run ended early. */
  readonly problem: Problem | undefined
  /** Whether the last run was stopped by the person. */
  readonly stopped: boolean
  readonly start: (work: (signal: AbortSignal) => Promise<void>) => void
  readonly stop: () => void
}

/** One piece of work at a time that can be stopped; it is stopped when its view goes away. */
export function useRun(): Run {
  const [running, setRunning] = useState(false)
  const [stopped, setStopped] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const current = useRef<AbortController>(undefined)
  const stop = useCallback(() => current.current?.abort(), [])
  useEffect(() => stop, [stop])
  const start = useCallback((work: (signal: AbortSignal) => Promise<void>) => {
    current.current?.abort()
    const controller = new AbortController()
    current.current = controller
    setRunning(true)
    setStopped(false)
    setProblem(undefined)
    work(controller.signal)
      .catch((error: unknown) => {
        if (current.current !== controller) return
        if (isAbort(error)) setStopped(true)
        else setProblem(problemOf(error))
      })
      .finally(() => {
        if (current.current === controller) setRunning(false)
      })
  }, [])
  return { running, problem, stopped, start, stop }
}
