import { hashText } from './seeded-random.ts'
import type { Chooser } from './grammar.ts'
import { expand } from './grammar.ts'
import { questionFamilies, questionLexicon, scales, type ClosedQuestion } from './closed-questions.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Speaker } from './speaker.ts'
import { indexInScope, isHeldOutTopic, type TopicScope } from './topic-scope.ts'

/** Every wording of a question has one difficulty, in every society; its scale is its family's unless the options are listed. */
export function drawClosedQuestion(
  random: SeededRandom,
  scope: TopicScope = 'all',
  axis?: ClosedQuestion['axis'],
): ClosedQuestion {
  let trained = true
  const uniform: Chooser = {
    choose(symbol, alternatives) {
      if (!(symbol in questionLexicon)) return random.integer(alternatives)
      const index = indexInScope(scope, alternatives, random)
      if (isHeldOutTopic(index, alternatives)) trained = false
      return index
    },
  }
  const family = random.pick(
    axis === undefined ? questionFamilies : questionFamilies.filter((one) => one.axis === axis),
  )
  const question = expand(family.template, questionLexicon, uniform)
  const hash = hashText(question)
  const options = scales[family.scale] ?? []
  const listed = random.chance(0.5)
  const choices = options[(listed ? hash : hashText(family.template)) % options.length] ?? []
  const difficulty = ((hash >>> 8) % 1000) / 1000 - 0.5
  return { question, trained, listed, choices, axis: family.axis, sign: family.sign, difficulty }
}

/**
 * P(choice) of somebody at `position` on the question's axis: a discretised normal around the position, bent by
 * the answering style: extreme answerers leave the middle, middle answerers seek it, agreeing ones drift upwards.
 */
export function choiceProbabilities(
  question: ClosedQuestion,
  position: number,
  answerStyle: Speaker['traits']['answerStyle'],
): readonly number[] {
  const { choices, sign, difficulty } = question
  let latent = sign * position - 0.4 * difficulty
  if (answerStyle === 'extreme') latent *= 1.8
  if (answerStyle === 'middle') latent *= 0.4
  if (answerStyle === 'agreeing') latent += 0.35
  const weights = choices.map((_, index) => {
    const place = choices.length === 1 ? 0 : (2 * index) / (choices.length - 1) - 1
    return Math.exp(-((place - latent) ** 2) / (2 * 0.28 ** 2))
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

export function answerClosedQuestion(speaker: Speaker, question: ClosedQuestion): string {
  const { opinions, answerStyle } = speaker.traits
  const probabilities = choiceProbabilities(question, opinions[question.axis], answerStyle)
  return question.choices[speaker.random.weighted(probabilities)] ?? ''
}
