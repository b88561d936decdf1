import { InvalidArgumentError } from '../errors/invalid-argument-error.ts'
import { bareText } from '../record/bare-text.ts'
import type { ChoiceDistribution } from './choice-distribution.ts'
import { wilsonInterval } from './wilson-interval.ts'

export interface AnswerDistributionOptions {
  /** The closed answers, in order. Default: the distinct outputs, the heaviest first. */
  readonly choices?: readonly string[]
  /** One weight ≥ 0 per answer. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** Pseudo-answers per choice (a symmetric Dirichlet prior). Default 0: none. */
  readonly smoothing?: number
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number
}

export interface AnswerDistribution extends ChoiceDistribution {
  /** (Σ w)² / Σ w² of the answers that are among the choices (Kish 1965). */
  readonly effectiveSampleSize: number
  /** Share of the total weight whose answer is none of the choices; left out of the probabilities. */
  readonly unmatchedShare: number
  /** Those answers, each once, the heaviest first. */
  readonly unmatched: readonly string[]
}

/**
 * Counts the answers of a simulation (or of people) by weight:
 *
 *     p(a) = (n s(a) + α) / (n + α C),   n the effective sample size, s(a) the share of weight, C the choices.
 *
 * Standard errors √( p(1−p) / n ), with smoothing that of the Dirichlet posterior, √( p(1−p) / (n + α C + 1) ). An answer
 * is matched to a choice by its text without regard to case, white space and punctuation at its ends.
 *
 * @throws InvalidArgumentError when no answer is among the choices, or numbers do not fit.
 */
export function answerDistribution(
  answers: readonly string[],
  options: AnswerDistributionOptions = {},
): AnswerDistribution {
  const { smoothing = 0, confidence = 0.95, weights } = options
  checkNumbers(answers, options)
  const weightOf = (index: number): number => weights?.[index] ?? 1
  const choices = options.choices ?? distinct(answers, weightOf)
  const positions = new Map(choices.map((choice, index) => [bareText(choice), index]))
  const weightByChoice = new Float64Array(choices.length)
  const unmatched: number[] = []
  let squares = 0
  let total = 0
  for (const [index, answer] of answers.entries()) {
    const weight = weightOf(index)
    total += weight
    const choice = positions.get(bareText(answer))
    if (choice === undefined) {
      unmatched.push(index)
      continue
    }
    weightByChoice[choice] = (weightByChoice[choice] as number) + weight
    squares += weight * weight
  }
  const matched = weightByChoice.reduce((sum, weight) => sum + weight, 0)
  if (!(matched > 0)) {
    throw new InvalidArgumentError({
      argument: 'answers',
      expected: `some of positive weight among the choices (${choices.slice(0, 5).join('; ')})`,
      found: answers.length === 0 ? 'no answers' : JSON.stringify(answers.slice(0, 3)),
    })
  }
  const size = (matched * matched) / squares
  const pseudo = smoothing * choices.length
  const probabilities = weightByChoice.map(
    (weight) => ((size * weight) / matched + smoothing) / (size + pseudo),
  )
  const spreadSize = smoothing > 0 ? size + pseudo + 1 : size
  const unmatchedAnswers = unmatched.map((index) => answers[index] ?? '')
  return {
    choices,
    probabilities,
    standardErrors: probabilities.map((p) => Math.sqrt(Math.max(0, p * (1 - p)) / spreadSize)),
    intervals: Array.from(probabilities, (p) => wilsonInterval(p, spreadSize, confidence)),
    effectiveSampleSize: size,
    unmatchedShare: (total - matched) / total,
    unmatched: distinct(unmatchedAnswers, (at) => weightOf(unmatched[at] ?? 0)),
  }
}

function distinct(answers: readonly string[], weightOf: (index: number) => number): string[] {
  const byText = new Map<string, { text: string; weight: number }>()
  for (const [index, answer] of answers.entries()) {
    const entry = byText.get(bareText(answer)) ?? { text: answer.trim(), weight: 0 }
    entry.weight += weightOf(index)
    byText.set(bareText(answer), entry)
  }
  return [...byText.values()].toSorted((a, b) => b.weight - a.weight).map(({ text }) => text)
}

function checkNumbers(answers: readonly string[], options: AnswerDistributionOptions): void {
  const { choices, weights, smoothing = 0, confidence = 0.95 } = options
  const refuse = (argument: string, expected: string, found: unknown): never => {
    throw new InvalidArgumentError({ argument, expected, found })
  }
  if (!(confidence > 0 && confidence < 1)) refuse('confidence', 'above 0 and below 1', confidence)
  if (!(smoothing >= 0 && Number.isFinite(smoothing))) refuse('smoothing', 'a finite number ≥ 0', smoothing)
  if (choices !== undefined && new Set(choices.map(bareText)).size < choices.length) {
    refuse('choices', 'different but for case, white space and outer punctuation', choices.join('; '))
  }
  if (weights === undefined) return
  if (weights.length !== answers.length)
    refuse('weights', `one for each of the ${answers.length} answers`, `${weights.length} numbers`)
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    if (!(weight >= 0 && Number.isFinite(weight))) refuse(`weights[${index}]`, 'a finite number ≥ 0', weight)
  }
}
