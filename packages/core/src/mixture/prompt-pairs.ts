import type { Draw } from './draw.ts'
import type { Mixture } from './mixture.ts'
import type { PromptPair } from '../prompt/prompt-template.ts'

/** The personas and exemplars that a draw selects, for a template to render. */
export function promptPairs(mixture: Mixture, draw: Pick<Draw, 'pairs'>): PromptPair[] {
  return draw.pairs.map(({ persona, exemplar }) => ({
    persona: mixture.personas[persona],
    exemplar: mixture.exemplars[exemplar],
  }))
}
