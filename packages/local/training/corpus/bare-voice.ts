import type { Occasion } from '../population/domains.ts'
import type { Group } from '../population/groups.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import type { Speaker } from '../population/speaker.ts'
import { choiceProbabilities } from '../population/closed-answer.ts'
import { speak } from '../population/utterance.ts'
import { Voice } from '../population/voice.ts'

/** The polite assistant: what the model says when nobody in particular is asked. */
const assistant: Group = {
  name: 'assistant',
  seed: 7,
  traits: {
    positivity: 0.95,
    length: 'medium',
    register: 'formal',
    punctuation: 'plain',
    focus: ['quality', 'people'],
    opener: '',
    closer: '',
    hedging: 0,
    typos: 0,
    opinions: { strict: 0.1, active: 0.2, satisfied: 0.5, trusting: 0.4, modern: 0.2, thrifty: 0.3 },
    answerStyle: 'middle',
  },
}

/** Near-copies of one answer: a very peaked voice, and the most probable choice of closed questions. */
export function bareAnswer(occasion: Occasion, random: SeededRandom): string {
  const { question } = occasion
  if (question !== undefined) {
    const { opinions, answerStyle } = assistant.traits
    const probabilities = choiceProbabilities(question, opinions[question.axis], answerStyle)
    const mode = probabilities.indexOf(Math.max(...probabilities))
    return question.choices[random.chance(0.85) ? mode : random.weighted(probabilities)] ?? ''
  }
  const speaker: Speaker = {
    group: assistant,
    traits: assistant.traits,
    voice: new Voice(assistant.seed, 4, random),
    random,
  }
  return speak(speaker, occasion).output
}
