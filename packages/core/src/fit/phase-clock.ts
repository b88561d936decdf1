import type { FitPhase } from './fit-report.ts'

/** Seconds spent in each phase of a fit. */
export interface PhaseClock {
  readonly seconds: Record<FitPhase, number>
  during<Result>(phase: FitPhase, work: () => Result | Promise<Result>): Promise<Result>
}

export function startPhaseClock(): PhaseClock {
  const seconds: Record<FitPhase, number> = { encode: 0, score: 0, learn: 0, evaluate: 0 }
  return {
    seconds,
    async during(phase, work) {
      const start = performance.now()
      try {
        return await work()
      } finally {
        seconds[phase] += (performance.now() - start) / 1000
      }
    },
  }
}
