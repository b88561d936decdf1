import type { PromptPair } from '@mop/core'
import { drawClosedQuestion } from '../population/closed-answer.ts'
import { domains, drawOccasion, surveyOccasion, type Domain, type Occasion } from '../population/domains.ts'
import { randomGroup, trainingGroups, type Group } from '../population/groups.ts'
import { behaviouralPersona } from '../population/personas.ts'
import { listen } from '../population/shipped-society.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { drawSpeaker } from '../population/speaker.ts'
import { statisticsPersona, type WordCounts } from '../population/statistics-persona.ts'
import { speak } from '../population/utterance.ts'
import { bareAnswer } from './bare-voice.ts'
import { chatDocument, textDocument, type PromptShape, type TrainingDocument } from './document.ts'

export interface Background {
  readonly words: WordCounts
  readonly texts: number
}

function drawPersona(group: Group, background: Background, random: SeededRandom): string {
  return random.chance(0.5)
    ? behaviouralPersona(group, random)
    : statisticsPersona(
        listen(group, 6 + random.integer(10), random, 'trained'),
        background.words,
        background.texts,
      )
}

/** An occasion on which an exemplar for `occasion` was said: the same one, one of its domain, or any. */
function kindredOccasion(occasion: Occasion, random: SeededRandom): Occasion {
  const draw = random.next()
  if (draw < 0.2) return occasion
  if (draw < 0.45 && occasion.question !== undefined) {
    return surveyOccasion(drawClosedQuestion(random, 'trained', occasion.question.axis))
  }
  return drawOccasion(draw < 0.7 ? occasion.domain : drawDomain(random), random, 'trained')
}

/** Closed questions have one short answer each, so they get more of the documents. */
function drawDomain(random: SeededRandom): Domain {
  return random.chance(0.25) ? 'survey' : random.pick(domains)
}

function drawPair(
  group: Group,
  occasion: Occasion,
  parts: 'persona' | 'exemplar' | 'both',
  background: Background,
  random: SeededRandom,
): PromptPair {
  const persona = parts === 'exemplar' ? undefined : { text: drawPersona(group, background, random) }
  if (parts === 'persona') return { persona }
  const asked = kindredOccasion(occasion, random)
  const { output } = speak(drawSpeaker(group, random), asked)
  return { persona, exemplar: { input: asked.input, output } }
}

/** One prompt of the given shape and an answer by a member of the group that the prompt shows. */
export function societyDocument(
  shape: PromptShape,
  background: Background,
  random: SeededRandom,
): TrainingDocument {
  const anyone = (): Group => (random.chance(0.3) ? random.pick(trainingGroups) : randomGroup(random))
  const group = anyone()
  const occasion = drawOccasion(drawDomain(random), random, 'trained')
  const source = occasion.question === undefined ? 'society' : 'closed question'
  if (shape === 'bare') return chatDocument(shape, source, [], occasion.input, bareAnswer(occasion, random))
  const { output } = speak(drawSpeaker(group, random), occasion)
  if (shape === 'text') return textDocument('society', output)
  if (shape === 'two pairs') {
    const other = random.chance(0.5) ? group : anyone()
    const pairs = [group, other].map((one) => drawPair(one, occasion, 'both', background, random))
    if (random.chance(0.5)) pairs.reverse()
    return chatDocument(shape, source, pairs, occasion.input, output)
  }
  return chatDocument(
    shape,
    source,
    [drawPair(group, occasion, shape, background, random)],
    occasion.input,
    output,
  )
}

/**
 * Members of one group, or one member, answer several closed questions, under the group's persona three times in four: each
 * answer is a lesson, where a document of one question holds only one.
 */
export function interviewDocument(random: SeededRandom): TrainingDocument {
  const group = random.chance(0.15) ? random.pick(trainingGroups) : randomGroup(random)
  const persona = random.chance(0.75) ? { text: behaviouralPersona(group, random) } : undefined
  const oneMember = random.chance(0.5) ? drawSpeaker(group, random) : undefined
  const said = Array.from({ length: 3 + random.integer(4) }, () => {
    const occasion = drawOccasion('survey', random, 'trained')
    return { input: occasion.input, output: speak(oneMember ?? drawSpeaker(group, random), occasion).output }
  })
  const [last = { input: '', output: '' }, ...exemplars] = said
  const pairs = exemplars.map((exemplar, index): PromptPair => ({
    ...(index === 0 && persona !== undefined && { persona }),
    exemplar,
  }))
  return chatDocument('interview', 'closed question', pairs, last.input, last.output)
}
