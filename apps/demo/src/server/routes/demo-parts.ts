import type { AnsweringEngine } from '../engine/answering-engine.ts'
import type { FitKeeper } from '../fits/fit-keeper.ts'
import type { PopulationStore } from '../populations/population-store.ts'

/** What the routes work with. */
export interface DemoParts {
  readonly engine: AnsweringEngine
  readonly populations: PopulationStore
  readonly fits: FitKeeper
  /** When the server ends: streams end with it. */
  readonly stopping: AbortSignal
  /** Told of errors that are ours. */
  readonly log: (error: unknown) => void
}
