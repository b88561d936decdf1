import type { Mixture, PopulationRecord } from '@mop/core'
import type { EvaluateArmsOptions } from './evaluate-arms.ts'
import { groupAttributes } from './real-records.ts'

export interface EvaluationNotesOptions {
  /** Those that were used. */
  readonly records: readonly PopulationRecord[]
  /** Different inputs that were asked at least once. */
  readonly inputsAsked: number
  /** Groups that the mixture does not know. */
  readonly unknown: readonly string[]
  /** Whether the choices of closed questions were weighed. */
  readonly weighed: boolean
}

/** What a reader must know of the whole, but for what arms say of themselves. */
export function evaluationNotes(
  { training, mixture, arms, judge, groups, poolQuestions, n }: EvaluateArmsOptions,
  { records, inputsAsked, unknown, weighed }: EvaluationNotesOptions,
): string[] {
  return [
    ...seldomAskedNotes(records, inputsAsked, n),
    ...weightNotes(records),
    ...(training === undefined
      ? [
          ...comparedNotes(mixture, 'the mixture'),
          ...arms.flatMap(({ name, mixture: own }) =>
            own === undefined ? [] : comparedNotes(own, `the mixture of ${name}`),
          ),
        ]
      : []),
    ...(judge === undefined
      ? ['The responses are judged in the space of the encoder that the mixture was fitted with.']
      : []),
    ...(groups === undefined
      ? []
      : [
          `Arms that draw from the mixture draw members of each ${groupAttributes(groups).join(' and ')} as often as the records have it.`,
        ]),
    ...groupAttributes(groups).flatMap((name) => lackingNotes(records, name)),
    ...(weighed
      ? [
          'Closed answers are the likelihoods of the choices given the prompts of the arm, not generated texts.',
        ]
      : []),
    ...(poolQuestions === true ? ['Closed questions with the same choices were counted as one.'] : []),
    ...(unknown.length === 0
      ? []
      : [`The mixture does not know ${unknown.join(', ')}: everybody answers for them.`]),
  ]
}

function seldomAskedNotes(records: readonly PopulationRecord[], asked: number, n: number): string[] {
  const inputs = new Set(records.map(({ input }) => input)).size
  if (asked >= inputs) return []
  return [
    `${inputs - asked} of ${inputs} inputs were never asked, for an arm gives ${n} answers; yet free answers are compared with the real ones to all inputs. More answers ask more of them.`,
  ]
}

function lackingNotes(records: readonly PopulationRecord[], name: string): string[] {
  const lacking = records.filter(({ attributes }) => attributes?.[name] === undefined).length
  return lacking === 0
    ? []
    : [`${lacking} of ${records.length} records have no ${name}: they count in no group of it.`]
}

function weightNotes(records: readonly PopulationRecord[]): string[] {
  const weights = new Set(records.map(({ weight = 1 }) => weight))
  if (weights.size < 2) return []
  return [
    'Records have weights: by these inputs are asked, and closed answers and log-likelihoods count. All other figures of free answers count every real answer once.',
  ]
}

/** What of the records that a mixture was fitted on could not be compared with those it is judged on. */
function comparedNotes({ provenance: { seen } }: Mixture, which: string): string[] {
  if (seen === undefined) {
    return [
      `The records were compared with the exemplars and the records of the personas alone: ${which} does not say on which others it was fitted.`,
    ]
  }
  if (seen.respondents !== undefined && seen.texts !== undefined) return []
  return [
    `Respondents and texts were compared with those of the exemplars alone: of the records that ${which} was fitted on it holds only the ids.`,
  ]
}
