import type { PopulationRecord } from '@mop/core'
import { drawAttributes } from './attributes.ts'
import { drawClosedQuestion } from './closed-answer.ts'
import { drawOccasion, surveyOccasion, type Occasion } from './domains.ts'
import { shippedGroups } from './groups.ts'
import { seededRandom, type SeededRandom } from './seeded-random.ts'
import { shippedShares } from './shipped-society.ts'
import { allocate } from './society.ts'
import { drawSpeaker } from './speaker.ts'
import { axes } from './traits.ts'
import { speak } from './utterance.ts'

/** One listed question on each axis of opinion, then an open one on a film and on a restaurant. */
function questionnaire(random: SeededRandom): readonly Occasion[] {
  const first = <Found>(draw: () => Found, wanted: (found: Found) => boolean): Found => {
    for (;;) {
      const found = draw()
      if (wanted(found)) return found
    }
  }
  const closed = axes.map((axis) =>
    surveyOccasion(
      first(
        () => drawClosedQuestion(random, 'all', axis),
        ({ listed, choices }) => listed && choices.length >= 3,
      ),
    ),
  )
  const open = (['film', 'restaurant'] as const).map((domain) =>
    first(
      () => drawOccasion(domain, random),
      ({ input, polarity }) => polarity === undefined && input.startsWith('What did you think of'),
    ),
  )
  return [...closed, ...open]
}

/**
 * The twelve groups of the shipped society as a survey has them: everybody answers the same questions, the groups in their
 * shares. New people; the groups' ways are those of `society.jsonl`.
 */
export function generateSurvey(seed: number, respondents: number): readonly PopulationRecord[] {
  const random = seededRandom(seed)
  const occasions = questionnaire(random.fork('questionnaire'))
  const counts = allocate(shippedShares, respondents)
  const people = shippedGroups.flatMap((group, index) =>
    Array.from({ length: counts[index] ?? 0 }, (_, person) => {
      const own = random.fork(`${group.name}/${person}`)
      const speaker = drawSpeaker(group, own)
      const attributes = drawAttributes(group, own)
      const answers = occasions.map((occasion) => ({ occasion, output: speak(speaker, occasion).output }))
      return { attributes, answers, order: own.next() }
    }),
  )
  people.sort((a, b) => a.order - b.order)
  return people.flatMap(({ attributes, answers }, index) =>
    answers.map(({ occasion: { input, question }, output }, number) => ({
      id: `q${index + 1}-${number + 1}`,
      input,
      output,
      attributes,
      respondent: `p${index + 1}`,
      ...(question !== undefined && { choices: question.choices }),
    })),
  )
}
