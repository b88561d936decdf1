import { answerClosedQuestion } from './closed-answer.ts'
import type { Occasion } from './domains.ts'
import { everydayLexicon, mannerLexicon, supportLexicon } from './everyday-lexicon.ts'
import { expand } from './grammar.ts'
import { newsLexicon } from './news-lexicon.ts'
import { aspectNouns, opinionLexicon, opinionSentences } from './opinion-lexicon.ts'
import { hashText } from './seeded-random.ts'
import type { Speaker } from './speaker.ts'
import { inStyle } from './style.ts'
import { aspects, type Aspect, type Length } from './traits.ts'

const sentenceCounts: Readonly<Record<Length, readonly number[]>> = {
  'very short': [1],
  short: [1, 1, 2],
  medium: [2, 3],
  long: [3, 4, 5],
}

/** P(praise): the speaker's tendency, moved up or down by what the topic means to the group. */
function praiseProbability(speaker: Speaker, topic: string): number {
  const taste = ((hashText(topic, speaker.group.seed) % 1000) / 1000 - 0.5) * 0.9
  return Math.min(0.97, Math.max(0.03, 0.5 + 0.5 * (speaker.traits.positivity + taste)))
}

function attended(speaker: Speaker): Aspect {
  const { traits, random } = speaker
  const draw = random.next()
  return draw < 0.5 ? traits.focus[0] : draw < 0.8 ? traits.focus[1] : random.pick(aspects)
}

const wholes: Readonly<Record<string, string>> = {
  restaurant: 'this place',
  film: 'this film',
  product: 'this thing',
}

/** "the costumes was": nouns of the lexicon that end in one s are plurals. */
const pluralSubject = /\bthe (?:\w+ )?\w*[^s\W]s (was|is)\b/g

function opinion(speaker: Speaker, occasion: Occasion, polarity: 'good' | 'bad'): string {
  const { register } = speaker.traits
  const noun = (): string => expand(`{${occasion.domain}.${attended(speaker)}}`, aspectNouns, speaker.voice)
  const lexicon = {
    ...opinionLexicon,
    ...opinionSentences,
    it: [noun()],
    it2: [noun()],
    whole: [wholes[occasion.domain] ?? 'this'],
    good: [`{good.${register}}`],
    bad: [`{bad.${register}}`],
  }
  const sentence = expand(`{${register}.${polarity}}`, lexicon, speaker.voice)
  return sentence.replaceAll(pluralSubject, (text, verb: string) => {
    return `${text.slice(0, -verb.length)}${verb === 'was' ? 'were' : 'are'}`
  })
}

function news(speaker: Speaker, occasion: Occasion, polarity: 'good' | 'bad'): readonly string[] {
  const { register, length } = speaker.traits
  const who = expand(`{who.${occasion.topic}}`, newsLexicon, speaker.voice)
  const does = expand(`{does.${polarity === 'good' ? 'up' : 'down'}}`, newsLexicon, speaker.voice)
  const what = expand(`{what.${attended(speaker)}}`, newsLexicon, speaker.voice)
  const capital = who.charAt(0).toUpperCase() + who.slice(1)
  const lexicon = { ...newsLexicon, who: [who], Who: [capital], does: [does], what: [what] }
  const headline = expand('[{Who} {does} {what}|{Who} to {does} {what}]', lexicon, speaker.voice)
  const lead = register === 'plain' && length === 'long' ? 'long' : register
  return length === 'very short' ? [headline] : [headline, expand(`{lead.${lead}}`, lexicon, speaker.voice)]
}

/** A plain sentence as the speaker's register would put it. */
function inManner(sentence: string, { traits, voice }: Speaker): string {
  return expand(`{manner.${traits.register}}`, { ...mannerLexicon, said: [sentence] }, voice)
}

/** What a speaker says: its text, and whether it praises, blames, or neither. */
export interface Utterance {
  readonly output: string
  readonly polarity: 'good' | 'bad' | 'closed'
}

export function speak(speaker: Speaker, occasion: Occasion): Utterance {
  const { random, traits, voice } = speaker
  if (occasion.question !== undefined) {
    return { output: answerClosedQuestion(speaker, occasion.question), polarity: 'closed' }
  }
  const polarity =
    occasion.polarity ?? (random.chance(praiseProbability(speaker, occasion.topic)) ? 'good' : 'bad')
  if (occasion.domain === 'news') {
    return { output: inStyle(news(speaker, occasion, polarity), traits, random), polarity }
  }
  const count = random.pick(sentenceCounts[traits.length])
  const sentences: string[] = []
  if (occasion.domain === 'support') {
    const lexicon = { ...supportLexicon, topic: [occasion.topic] }
    sentences.push(expand(`{fault.${traits.register}}`, lexicon, voice))
    for (let index = 1; index < count; index++) {
      sentences.push(inManner(expand(`{ask.${polarity}}`, lexicon, voice), speaker))
    }
  } else if (occasion.domain === 'everyday') {
    const plain = Array.from({ length: count }, () =>
      expand(`{${occasion.topic}.${polarity}}`, everydayLexicon, voice),
    )
    for (const sentence of new Set(plain)) sentences.push(inManner(sentence, speaker))
  } else {
    for (let index = 0; index < count; index++) {
      const slip = index > 0 && random.chance(0.15)
      sentences.push(opinion(speaker, occasion, slip ? (polarity === 'good' ? 'bad' : 'good') : polarity))
    }
  }
  return {
    output: inStyle(
      sentences.filter((text, index) => sentences.indexOf(text) === index),
      traits,
      random,
    ),
    polarity,
  }
}
