import type { FitProgress } from '@mop/core'

/** What is going on in a fit, in words. */
export function fitProgressLabel({ phase, round }: FitProgress, rounds: number): string {
  const ofRounds = round === undefined ? '' : `, round ${round} of ${rounds}`
  return {
    encode: 'Encoding',
    score: `Scoring${ofRounds}`,
    learn: `Learning the gate${ofRounds}`,
    evaluate: 'Scoring the held-out records',
  }[phase]
}
