import type { ReactNode } from 'react'

/** Names in a legend are read, so they have the colour of text, not of their series. */
export function legendText(name: unknown): ReactNode {
  return <span className="legend-text">{String(name)}</span>
}
