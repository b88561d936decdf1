import type { Lexicon } from '../population/grammar.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { pseudoWord, wordList, type WordClass } from './word-list.ts'

/** Constructions over the word list, in the manners of news, reviews, and talk. They make grammar, not sense. */
const constructions: Lexicon = {
  sentence: ['{subject} {past} {object}', '{subject} {past} {object} {where}', '{subject} was {adverb} {adjective}', '{subject} {past} that {subject} was {adjective}', 'I {past} {object} {adverb}', 'we {past} {object}, but {subject} {past} {object}', 'there was {object} {where}', '{subject}, {who}, {past} {object}', 'if you {verb} {object}, {verb} {object}', 'I do not {verb} {object}', 'it is {adjective} to {verb} {object}', 'when {subject} {past}, {sentence}', 'the {noun} is {adjective} and {adjective}', '{adverb}, {sentence}', '{sentence} because {sentence}'],
  headline: ['{Name} to {verb} {noun}', '{Place} {noun} {verb}s {adjective} {noun}', '{Adjective} {noun} {past} {where}', '{noun}, {noun} {past} in {place}', '{Name} {past} {noun} {noun}', '{Place}: {adjective} {noun} {past}'],
  lead: ['{Place} - {subject} {past} {object} {day}, {source}', '{subject} {past} {object} {where} {day}, {source}', '{subject} will {verb} {object}, {source} {day}', '{subject} {past} its {adjective} {noun} {day} after {object} {past}'],
  phrase: ['a {adjective} and {adjective} {noun}', '{adverb} {adjective} and {adjective}', 'an {adjective} , {adjective} {noun} that {adverb} {past} the {noun}', 'the {noun} \'s {adjective} {noun}', '{past} with {adjective} {noun} and {adjective} {noun} .', 'too {adjective} to {verb} , too {adjective} to {verb}', 'never {past} its {adjective} {noun}'],
  review: ['the {noun} was {adjective}', 'The {noun} {past} {adjective} and {adjective}.', 'I {adverb} {past} the {noun}', 'My {noun} {past} the {adjective} {noun} here.', 'Do not {verb} the {noun}.', 'Best {noun} in {place}!', 'I will {adverb} {verb} here again.', '{adjective} {noun}, {adjective} {noun}, {adjective} {noun}'],
  subject: ['the {noun}', 'a {adjective} {noun}', '{name}', 'the {noun} of {place}', '{name} {name}', 'some {noun}s', 'the {adjective} {noun}', 'every {noun}'],
  object: ['the {noun}', 'a {noun}', 'the {adjective} {noun}', '{noun}s', '{object} of {object}', '{name}', 'no {noun}', 'their {noun}'],
  who: ['who {past} {object}', 'a {noun} from {place}', '{number}'],
  where: ['in {place}', 'at the {noun}', 'in the {adjective} {noun}', 'near {place}', 'on the {noun}', 'with {object}'],
  day: ['on Monday', 'on Tuesday', 'Wednesday', 'on Thursday', 'Friday', 'yesterday', 'last {noun}'],
  source: ['{name} said', 'the {noun} said', 'a {noun} {past}', 'officials said', 'reports say'],
  number: ['12', '37', '2,000', '$5', '4.5', '1999', '60 percent', '3-2', '18', '250'],
} // prettier-ignore

export const manners = ['sentence', 'headline', 'lead', 'phrase', 'review'] as const

/** The whole word list, or a few words of it, or words that do not exist: what one made-up crowd speaks with. */
export function plainEnglish(random: SeededRandom): Lexicon {
  const kind = random.weighted([4, 3, 3])
  const some = (wordClass: WordClass): readonly string[] => {
    if (kind === 0) return wordList[wordClass]
    const count = 3 + random.integer(8)
    return Array.from({ length: count }, () =>
      kind === 1 || random.chance(0.2)
        ? random.pick(wordList[wordClass])
        : pseudoWord((size) => random.integer(size)),
    )
  }
  const capital = (items: readonly string[]): readonly string[] =>
    items.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  const [noun, adjective, name, place] = [
    some('noun'),
    some('adjective'),
    capital(some('name')),
    capital(some('place')),
  ]
  return {
    ...constructions,
    noun,
    adjective,
    verb: some('verb'),
    past: some('past'),
    adverb: some('adverb'),
    name,
    Name: name,
    place,
    Place: place,
    Adjective: capital(adjective),
  }
}

/** Words of every class in any order, for the tokenizer and for plain reading. */
export function wordSalad(random: SeededRandom, count: number): string {
  const classes = Object.keys(wordList) as WordClass[]
  return Array.from({ length: count }, () => {
    if (random.chance(0.4)) return random.pick(wordList.glue)
    if (random.chance(0.1)) return pseudoWord((size) => random.integer(size))
    return random.pick(wordList[random.pick(classes)])
  }).join(' ')
}
