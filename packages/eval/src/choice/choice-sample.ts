import { InvalidArgumentError } from '@mop/core'

/** Answers to closed questions, one entry per answer. */
export interface ChoiceSample {
  /** Which of its question's choices each answer is, from 0, in the order of the scale. */
  readonly answers: Int32Array
  /** How many choices each question has. */
  readonly choices: readonly number[]
  /** The question of each answer, from 0. Default all are of question 0. */
  readonly questions?: Int32Array
  /** Default 1 each. */
  readonly weights?: Float64Array
}

/** @throws InvalidArgumentError where an answer, a question or a weight is out of range, or lengths differ. */
export function checkChoices(argument: string, sample: ChoiceSample): void {
  const { answers, choices, questions, weights } = sample
  const complain = (part: string, expected: string, found: unknown): never => {
    throw new InvalidArgumentError({ argument: `${argument}.${part}`, expected, found })
  }
  for (const [part, values] of Object.entries({ questions, weights })) {
    if (values !== undefined && values.length !== answers.length)
      complain(part, `as long as the ${answers.length} answers`, values.length)
  }
  answers.forEach((answer, index) => {
    const question = questions?.[index] ?? 0
    const count = choices[question]
    if (count === undefined)
      return complain(`questions[${index}]`, `one of the ${choices.length} questions`, question)
    if (!(answer >= 0 && answer < count))
      complain(`answers[${index}]`, `one of the ${count} choices of question ${question}`, answer)
    const weight = weights?.[index] ?? 1
    if (!(weight >= 0 && weight < Infinity)) complain(`weights[${index}]`, 'finite and not negative', weight)
  })
}

/**
 * The weight of each choice of each question: an array of K entries per question.
 *
 * @param times how often each answer is taken, beside its weight. Default once.
 */
export function choiceCounts(sample: ChoiceSample, times?: ArrayLike<number>): readonly Float64Array[] {
  const counts = sample.choices.map((count) => new Float64Array(count))
  sample.answers.forEach((answer, index) => {
    const own = counts[sample.questions?.[index] ?? 0]
    if (own === undefined) return
    const weight = (sample.weights?.[index] ?? 1) * (times === undefined ? 1 : (times[index] as number))
    own[answer] = (own[answer] as number) + weight
  })
  return counts
}

/** The answers at these places. */
export function selectAnswers(sample: ChoiceSample, items: readonly number[]): ChoiceSample {
  const { answers, choices, questions, weights } = sample
  return {
    answers: Int32Array.from(items, (item) => answers[item] as number),
    choices,
    ...(questions === undefined
      ? {}
      : { questions: Int32Array.from(items, (item) => questions[item] as number) }),
    ...(weights === undefined
      ? {}
      : { weights: Float64Array.from(items, (item) => weights[item] as number) }),
  }
}
