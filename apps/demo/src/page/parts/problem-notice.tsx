import type { ReactNode } from 'react'
import type { Problem } from '../../api-contract.ts'

/** A problem where it happened: what, where in a file, and what to do. */
export function ProblemNotice({
  problem,
  children,
}: {
  readonly problem: Problem
  readonly children?: ReactNode
}): ReactNode {
  const { message, remedy, line, field } = problem
  const place = [line !== undefined && `line ${line}`, field !== undefined && `field “${field}”`].filter(
    Boolean,
  )
  return (
    <div className="problem" role="alert">
      <p>
        <strong>{message}</strong>
        {place.length > 0 && !message.includes('line') && <> ({place.join(', ')})</>}
      </p>
      {remedy !== undefined && !message.includes(remedy) && <p>{remedy}</p>}
      {children}
    </div>
  )
}
