import type { ReactNode } from 'react'

/** A share as the length of a bar, with a mark where another share lies. For the eye: the number stands beside it. */
export function ShareBar({
  share,
  mark,
  scale,
}: {
  readonly share: number
  readonly mark?: number
  /** The share at the bar's full length. */
  readonly scale: number
}): ReactNode {
  const width = (value: number): string => `${Math.min(100, (100 * value) / scale)}%`
  return (
    <div className="share" aria-hidden="true">
      <div className="share-bar" style={{ width: width(share) }} />
      {mark !== undefined && <div className="share-mark" style={{ left: width(mark) }} />}
    </div>
  )
}
