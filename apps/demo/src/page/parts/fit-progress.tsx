import type { ReactNode } from 'react'
import type { FitState } from '../../api-contract.ts'
import { duration, thousands } from './format-number.ts'
import { ProblemNotice } from './problem-notice.tsx'

const outcomes = {
  running: 'Running',
  cancelled: 'Cancelled. What was computed is kept; resume it, or start another.',
  failed: 'It ended early. What was computed is kept.',
  done: 'Done',
} as const

/** What a fit is doing, or what became of it. */
export function FitProgress({ fit }: { readonly fit: FitState }): ReactNode {
  const { status, progress, likelihoods, likelihoodsNeeded, seconds, problem } = fit
  const needed = likelihoodsNeeded === undefined ? '' : ` of at most ${thousands(likelihoodsNeeded)}`
  return (
    <section className="fit" aria-label="Progress of the fit">
      {status === 'running' && progress && (
        <label>
          {progress.label}
          <progress value={progress.done} max={Math.max(1, progress.total)}>
            {`${progress.done} of ${progress.total}`}
          </progress>
        </label>
      )}
      {status === 'running' && progress === undefined && <progress aria-label="Preparing" />}
      <p role="status">
        <strong>{outcomes[status]}</strong>
      </p>
      <p className="hint">
        {thousands(likelihoods)}
        {needed} likelihoods are in the table; {duration(seconds)}.
      </p>
      {problem && <ProblemNotice problem={problem} />}
    </section>
  )
}
