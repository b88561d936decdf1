import type { ReactNode } from 'react'
import { routeAddress } from '../use-route.ts'

/** Shown where a view needs a mixture and the population has none yet. */
export function NoMixture({ parameters }: { readonly parameters: URLSearchParams }): ReactNode {
  return (
    <div className="empty">
      <h2>No mixture yet</h2>
      <p>This population’s records are here, but nothing has been learned from them.</p>
      <a className="button" href={routeAddress('fit', parameters)}>
        Fit a mixture
      </a>
    </div>
  )
}
