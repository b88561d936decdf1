import type { FitProgress } from '@mop/core'
import type { ProgressStep } from '../output/progress.ts'

/** What is going on in a fit, in words. */
export function progressStep({ phase, round, done, total }: FitProgress, rounds: number): ProgressStep {
  const ofRounds = round === undefined ? '' : `, round ${round} of ${rounds}`
  const label = {
    encode: 'Encoding',
    score: `Scoring${ofRounds}`,
    learn: `Learning the gate${ofRounds}`,
    evaluate: 'Scoring the held-out records',
  }[phase]
  return { label, done, total }
}
