import type { PopulationSummary, Status } from '../api-contract.ts'
import type { Navigation } from './use-route.ts'

/** What every view is given. */
export interface ViewProperties {
  readonly status: Status
  readonly population: PopulationSummary
  readonly navigation: Navigation
  /** Asks the server again, after something changed there. */
  readonly refresh: () => Promise<void>
}
