import type { Mixture } from '@mop/core'
import type { EvaluateArmsOptions } from './evaluate-arms.ts'
import { groupAttributes } from './real-records.ts'

/** What a reader must know of the whole, but for what arms say of themselves. */
export function evaluationNotes(
  { training, mixture, arms, judge, groups, poolQuestions }: EvaluateArmsOptions,
  unknown: readonly string[],
  weighed: boolean,
): string[] {
  return [
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
