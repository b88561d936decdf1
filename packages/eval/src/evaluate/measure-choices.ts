import {
  brierMetric,
  calibrationMetric,
  jensenShannonMetric,
  logScoreMetric,
  representativenessMetric,
  totalVariationMetric,
  wassersteinMetric,
} from '../choice/choice-metrics.ts'
import { choiceOfAnswer } from '../choice/choice-of-answer.ts'
import type { ChoiceSample } from '../choice/choice-sample.ts'
import type { ArmRow } from './arm-row.ts'
import type { ReportedPart } from './evaluation-report.ts'
import { groupLabels, measureFigure, type MeasurePartOptions } from './measure-part.ts'
import type { ClosedQuestion, CountedChoices } from './portray-answers.ts'
import type { RealAnswer } from './real-records.ts'

export interface MeasureChoicesOptions extends Omit<MeasurePartOptions, 'respondents' | 'groups'> {
  /** With their choices. */
  readonly real: readonly RealAnswer[]
  /** With the choices of the slot that each answers. */
  readonly simulated: readonly { readonly row: ArmRow; readonly choices: readonly string[] }[]
  /** Number of attributes by which there are groups. */
  readonly groupedBy: number
  /** Questions with the same choices count as one. */
  readonly pooled: boolean
  /** Called with what is counted, where it is measured. */
  readonly onCounted?: ((counted: Omit<CountedChoices, 'arm'>) => void) | undefined
}

/** Share of an arm's answers that must be among the choices: of fewer, the few that are say nothing about the others. */
const leastMatched = 0.5

interface CountedAnswer {
  readonly question: number
  readonly answer: number
  readonly weight: number
  readonly groups: readonly string[]
  readonly respondent: string
}

/** Closed answers of an arm, counted or weighed by likelihood, against the real ones: overall and for each group. */
export function measureChoices(options: MeasureChoicesOptions): ReportedPart {
  const { groupedBy, pooled } = options
  const choices: number[] = []
  const numbers = new Map<string, number>()
  const questions: ClosedQuestion[] = []
  const numberOf = (input: string, of: readonly string[]): number => {
    const key = JSON.stringify(pooled ? of : [input, of])
    const known = numbers.get(key) ?? choices.push(of.length) - 1
    questions[known] ??= pooled ? { choices: of } : { input, choices: of }
    numbers.set(key, known)
    return known
  }
  const real = options.real.map(
    ({ input, output, choices: of = [], weight, groups, respondent }): CountedAnswer => ({
      question: numberOf(input, of),
      answer: choiceOfAnswer(output, of),
      weight,
      groups,
      respondent,
    }),
  )
  const simulated = options.simulated.flatMap(({ row, choices: of }): readonly CountedAnswer[] => {
    const shared = { question: numberOf(row.input, of), groups: row.groups ?? [], respondent: row.id }
    return (
      row.probabilities?.map((weight, answer) => ({ ...shared, answer, weight })) ?? [
        { ...shared, answer: choiceOfAnswer(row.output, of), weight: 1 },
      ]
    )
  })
  const unmatched = simulated.filter(({ answer }) => answer < 0).length
  const said = real.filter(({ answer }) => answer >= 0)
  const made = simulated.filter(({ answer }) => answer >= 0)
  const counts = {
    simulated: options.simulated.length,
    real: real.length,
    unmatched: { simulated: unmatched, real: real.length - said.length },
  }
  const asked = new Set(said.map(({ question }) => question))
  if (!made.some(({ question }) => asked.has(question))) {
    const why =
      options.simulated.length === 0
        ? 'No closed question was asked: an arm gives too few answers.'
        : 'No answer is among the choices: there is nothing to compare.'
    return { ...counts, figures: [], notes: [why] }
  }
  if (unmatched > (1 - leastMatched) * options.simulated.length) {
    const note = `${unmatched} of ${options.simulated.length} answers are none of the choices: what the others say is not measured. Ask a model that keeps to the choices, or give a scorer, by which the choices are weighed.`
    return { ...counts, figures: [], notes: [note] }
  }
  const sampleOf = (answers: readonly CountedAnswer[]): ChoiceSample => ({
    answers: Int32Array.from(answers, ({ answer }) => answer),
    choices,
    questions: Int32Array.from(answers, ({ question }) => question),
    weights: Float64Array.from(answers, ({ weight }) => weight),
  })
  const answered = new Set(
    made.flatMap(({ groups, question }) => groups.map((group) => `${question} ${group}`)),
  )
  const shared = new Set(
    said.flatMap(({ groups, question }) => groups.filter((group) => answered.has(`${question} ${group}`))),
  )
  const groups = groupLabels(groupedBy, said, made, (group) => shared.has(group))
  const part = {
    ...options,
    respondents: said.map(({ respondent }) => respondent),
    simulatedUnits: made.map(({ respondent }) => respondent),
    groups,
  }
  // A choice that was only not drawn may have any probability.
  const weighed = options.simulated.every(({ row }) => row.probabilities !== undefined)
  const metrics = [
    totalVariationMetric(),
    jensenShannonMetric(),
    wassersteinMetric({ normalised: true }),
    representativenessMetric(),
    ...(weighed ? [logScoreMetric()] : []),
    brierMetric(),
    calibrationMetric(),
  ]
  const [first, second] = [sampleOf(said), sampleOf(made)]
  options.onCounted?.({ questions, real: first, simulated: second })
  return {
    ...counts,
    figures: metrics.map((metric) => measureFigure(metric, first, second, part)),
    notes: [],
  }
}
