import { choiceProbabilities } from '../population/closed-answer.ts'
import type { ClosedQuestion } from '../population/closed-questions.ts'
import type { Group } from '../population/groups.ts'

/** Deviation of a member's position from its group's (see `drawSpeaker`). */
const deviation = 0.2
const steps = Array.from({ length: 61 }, (_, index) => (index - 30) / 10)

/** P(choice) of a new member of the group: over all positions that members take on the question's axis. */
function memberChoices(group: Group, question: ClosedQuestion): readonly number[] {
  const { opinions, answerStyle } = group.traits
  const total = question.choices.map(() => 0)
  let weights = 0
  for (const step of steps) {
    const weight = Math.exp(-(step ** 2) / 2)
    const position = Math.max(-1, Math.min(1, opinions[question.axis] + deviation * step))
    for (const [index, probability] of choiceProbabilities(question, position, answerStyle).entries()) {
      total[index] = (total[index] ?? 0) + weight * probability
    }
    weights += weight
  }
  return total.map((value) => value / weights)
}

/** 1 where the answer is more probable of the right group than of the wrong one, 0 where it is less, ½ where it is neither. */
export function judgePerfectly(question: ClosedQuestion, answer: string, right: Group, wrong: Group): number {
  const index = question.choices.indexOf(answer)
  const [own = 0, other = 0] = [right, wrong].map((group) => memberChoices(group, question)[index])
  return (1 + Math.sign(own - other)) / 2
}
