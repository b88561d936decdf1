import type { ReactNode } from 'react'
import type { Problem } from '../../api-contract.ts'
import { ProblemNotice } from './problem-notice.tsx'

/** A problem that may be over by now. */
export function RetryNotice({
  problem,
  onRetry,
}: {
  readonly problem: Problem
  readonly onRetry: () => void
}): ReactNode {
  return (
    <ProblemNotice problem={problem}>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </ProblemNotice>
  )
}
