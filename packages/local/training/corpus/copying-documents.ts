import type { PromptPair } from '@mop/core'
import { expand, type Chooser, type Lexicon } from '../population/grammar.ts'
import { randomGroup } from '../population/groups.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { statisticsPersona } from '../population/statistics-persona.ts'
import { inStyle } from '../population/style.ts'
import { Voice } from '../population/voice.ts'
import { scales } from '../population/closed-questions.ts'
import { chatDocument, textDocument, type PromptShape, type TrainingDocument } from './document.ts'
import { manners, plainEnglish, wordSalad } from './plain-english.ts'
import type { Background } from './society-documents.ts'
import { pseudoWord, wordList } from './word-list.ts'

const questionForms: Lexicon = {
  question: ['Which {noun} do you {verb}?', 'How {adjective} is the {noun}?', 'Do you {verb} the {noun}?', 'What is your {noun}?', 'Is it {adjective} to {verb} a {noun}?', 'How often do you {verb} {noun}s?', 'In general, do you {verb} {adjective} {noun}s?', '{noun} or {noun}: which one?', 'How much {noun} is {adjective}?', 'Should the {noun} {verb}?'],
} // prettier-ignore

const uniformly = (random: SeededRandom): Chooser => ({
  choose: (_, alternatives) => random.integer(alternatives),
})

function madeUpChoices(random: SeededRandom): readonly string[] {
  if (random.chance(0.2)) return random.pick(random.pick(Object.values(scales)))
  const count = 2 + random.integer(4)
  const pseudo = random.chance(0.5)
  const word = (): string =>
    pseudo
      ? pseudoWord((size) => random.integer(size))
      : random.pick(random.pick([wordList.noun, wordList.adjective]))
  const capital = random.chance(0.6)
  const tail = random.chance(0.3) ? ` ${word()}` : ''
  const choices = Array.from({ length: count }, () => {
    const text = `${random.chance(0.25) ? `${word()} ` : ''}${word()}${tail}`
    return capital ? text.charAt(0).toUpperCase() + text.slice(1) : text
  })
  return [...new Set(choices)]
}

/**
 * A made-up closed question. The exemplar answers the same question, and the answer agrees with it with
 * probability 0.7, or another question with the same choices, and it agrees with probability 0.55.
 */
export function madeUpQuestion(
  shape: PromptShape,
  random: SeededRandom,
): TrainingDocument & { readonly shown: string } {
  const choices = madeUpChoices(random)
  const listed = random.chance(0.6) ? ` Options: ${choices.join(', ')}.` : ''
  const lexicon = plainEnglish(random)
  const ask = (): string => {
    const question = expand('{question}', { ...lexicon, ...questionForms }, uniformly(random))
    return `${question.charAt(0).toUpperCase()}${question.slice(1)}${listed}`
  }
  const input = ask()
  const favourite = random.pick(choices)
  const same = random.chance(0.6)
  const asked = same ? input : ask()
  const agreed = random.chance(same ? 0.7 : 0.55)
  const output = agreed ? favourite : random.pick(choices)
  const exemplar = { input: asked, output: favourite }
  const persona = {
    text: `Writes very short texts of about 2 words. Often says: ${[...new Set([favourite, output])].join(', ').toLowerCase()}. Tone: neutral. Typical: "${favourite}"`,
  }
  const other = (): PromptPair => ({
    exemplar: { input: random.chance(0.5) ? ask() : input, output: random.pick(choices) },
  })
  const pairs: readonly PromptPair[] =
    shape === 'bare' || shape === 'text'
      ? []
      : shape === 'persona'
        ? [{ persona }]
        : shape === 'exemplar'
          ? [{ exemplar }]
          : shape === 'both'
            ? [{ persona, exemplar }]
            : random.chance(0.5)
              ? [{ exemplar }, other()]
              : [other(), { exemplar }]
  return {
    ...chatDocument(shape === 'text' ? 'bare' : shape, 'made up', pairs, input, output),
    shown: favourite,
  }
}

/** Somebody with a made-up vocabulary and a random style: what recurs between exemplar and answer is all there is to learn. */
export function madeUpVocabulary(
  shape: PromptShape,
  background: Background,
  random: SeededRandom,
): TrainingDocument {
  const lexicon = plainEnglish(random)
  const voice = new Voice(random.integer(2 ** 31), 2.2, random)
  const { traits } = randomGroup(random)
  const manner = random.pick(manners)
  const count = { 'very short': 1, short: 1, medium: 2, long: 3 }[traits.length]
  const raw = random.chance(0.4)
  const say = (): string => {
    const sentences = Array.from({ length: count }, (_, index) =>
      expand(`{${manner === 'headline' && index > 0 ? 'lead' : manner}}`, lexicon, voice),
    )
    return raw ? sentences.join(manner === 'phrase' ? ' ' : '. ') : inStyle(sentences, traits, random)
  }
  if (shape === 'text') return textDocument('made up', `${say()}\n${say()}`)
  const topic = expand(
    '[Write a {adjective} {noun} text.|Write about {noun}.|Tell us about the {noun}.|What about the {noun}?|{noun}|Write one {adjective} sentence.]',
    lexicon,
    uniformly(random),
  )
  const input = topic.charAt(0).toUpperCase() + topic.slice(1)
  const asked = random.chance(0.7) ? input : `What about ${random.pick(wordList.noun)}?`
  const persona = (): { readonly text: string } => {
    const said = Array.from({ length: 5 }, () => ({ output: say(), polarity: 'closed' as const }))
    return { text: statisticsPersona(said, background.words, background.texts) }
  }
  const exemplar = (): { readonly input: string; readonly output: string } => ({
    input: asked,
    output: say(),
  })
  const pairs: readonly PromptPair[] =
    shape === 'persona'
      ? [{ persona: persona() }]
      : shape === 'both'
        ? [{ persona: persona(), exemplar: exemplar() }]
        : shape === 'two pairs'
          ? [{ exemplar: exemplar() }, { exemplar: exemplar() }]
          : [{ exemplar: exemplar() }]
  const named = shape === 'bare' ? 'exemplar' : shape
  return chatDocument(named, 'made up', pairs, input, say())
}

/** A run of words said twice, and word salad: pure copying, and reading. */
export function repeatedRun(random: SeededRandom): TrainingDocument {
  const run = wordSalad(random, 6 + random.integer(20))
  return textDocument(
    'made up',
    random.chance(0.7) ? `${run}\n${wordSalad(random, random.integer(6))} ${run}` : run,
  )
}
