import { choiceCounts, type ChoiceSample } from '../choice/choice-sample.ts'
import type { AnswerSeries, AnswerShares } from './portrait.ts'

/** A closed question: its choices in their order, and its input unless questions with the same choices count as one. */
export interface ClosedQuestion {
  readonly input?: string
  readonly choices: readonly string[]
}

/** What was counted for one arm. The questions that the real answers have come first, in the same order for every arm. */
export interface CountedChoices {
  readonly arm: string
  readonly questions: readonly ClosedQuestion[]
  readonly real: ChoiceSample
  readonly simulated: ChoiceSample
}

/**
 * How the closed questions were answered that real people answered most, by weight; of equals the first.
 *
 * @param counted of each arm.
 * @param most questions. Default 12.
 */
export function portrayAnswers(counted: readonly CountedChoices[], most = 12): readonly AnswerShares[] {
  const [first] = counted
  if (first === undefined) return []
  const arms = counted.map(({ arm, simulated }) => ({ arm, counts: choiceCounts(simulated) }))
  return choiceCounts(first.real)
    .map((counts, question) => ({ question, counts, real: seriesOf(counts) }))
    .filter(({ real }) => real.weight > 0)
    .toSorted((one, other) => other.real.weight - one.real.weight || one.question - other.question)
    .slice(0, most)
    .map(({ question, real }) => ({
      choices: [],
      ...first.questions[question],
      series: [
        real,
        ...arms
          .map(({ arm, counts }) => ({ arm, ...seriesOf(counts[question] ?? new Float64Array()) }))
          .filter(({ weight }) => weight > 0),
      ],
    }))
}

function seriesOf(counts: Float64Array): AnswerSeries {
  const weight = counts.reduce((sum, count) => sum + count, 0)
  return { weight, shares: Array.from(counts, (count) => count / weight) }
}
