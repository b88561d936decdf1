import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import type { ContractCase, Make } from './contract-case.ts'
import { scorerCallLaws } from './scorer-call-laws.ts'
import { scorerProbabilityLaws } from './scorer-probability-laws.ts'
import { scorerTemperatureLaws } from './scorer-temperature-laws.ts'
import { scorerTextLaws } from './scorer-text-laws.ts'
import { scorerUnderTest } from './scorer-under-test.ts'

export interface LikelihoodScorerContractOptions {
  /** Difference allowed between two values that should be equal, relative to max(1, |value|). Default 1e-6. */
  readonly tolerance?: number
  /** Continuations cut where the tokenizer cuts too. */
  readonly splits?: readonly (readonly [string, string])[]
  /** Whether every temperature can be asked for, or 1 alone as of servers that echo log-probabilities. Default true. */
  readonly anyTemperature?: boolean
  /** Whether prompts are sent as raw text, in which a text that spells a control token becomes one. Default false. */
  readonly rawPrompts?: boolean
}

const defaultSplits: readonly (readonly [string, string])[] = [
  ['I like tea', ' and coffee'],
  ['Yes', ', of course'],
  ['', 'no'],
]

/** The laws that every `LikelihoodScorer` keeps. */
export function likelihoodScorerContract(
  make: Make<LikelihoodScorer>,
  options: LikelihoodScorerContractOptions = {},
): readonly ContractCase[] {
  const { tolerance = 1e-6, splits = defaultSplits, anyTemperature = true, rawPrompts = false } = options
  const again = async (): Promise<LikelihoodScorer> => make()
  const can = { anyTemperature, textIsNoControl: !rawPrompts }
  return [...scorerProbabilityLaws, ...scorerTemperatureLaws, ...scorerTextLaws, ...scorerCallLaws]
    .filter(({ needs }) => needs === undefined || can[needs])
    .map(({ name, check }) => ({
      name: `likelihood scorer: ${name}`,
      run: async () =>
        check(scorerUnderTest({ scorer: await again(), tolerance, splits, anyTemperature, again })),
    }))
}
