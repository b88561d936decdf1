import type { SeededRandom } from './seeded-random.ts'
import type { Traits } from './traits.ts'

const hedges = [
  'I think',
  'maybe',
  'I guess',
  'perhaps',
  'probably',
  'in my view',
  'it seems',
  'as far as I can tell',
]

const vowels = 'aeiou'

function misspell(word: string, random: SeededRandom): string {
  if (word.length < 4 || !/^[a-z]+$/i.test(word)) return word
  const at = 1 + random.integer(word.length - 2)
  switch (random.integer(4)) {
    case 0:
      return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
    case 1:
      return word.slice(0, at) + word.slice(at + 1)
    case 2:
      return word.slice(0, at) + word.charAt(at) + word.slice(at)
    default:
      return vowels.includes(word.charAt(at))
        ? word.slice(0, at) + vowels.charAt(random.integer(vowels.length)) + word.slice(at + 1)
        : word.slice(0, at) + word.slice(at + 1)
  }
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

const proper = /^(I|I'm|I've|I'd|I'll)$/

function uncapitalised(sentence: string): string {
  const [first = ''] = sentence.split(' ')
  return proper.test(first) ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

/** Turns bare sentences into the text that somebody with these traits types. */
export function inStyle(sentences: readonly string[], traits: Traits, random: SeededRandom): string {
  const spoken = sentences.map((sentence, index) => {
    let text = sentence
    if (random.chance(traits.hedging))
      text = `${hedges[random.integer(hedges.length)]} ${uncapitalised(text)}`
    if (index === 0 && traits.opener !== '' && random.chance(0.7))
      text = `${traits.opener} ${uncapitalised(text)}`
    return text
  })
  if (traits.closer !== '' && random.chance(0.6)) spoken.push(traits.closer)
  const typed = spoken.map((text) =>
    traits.typos === 0
      ? text
      : text
          .split(' ')
          .map((word) => (random.chance(traits.typos) ? misspell(word, random) : word))
          .join(' '),
  )
  switch (traits.punctuation) {
    case 'plain':
      return typed.map((text) => ended(capitalised(text), '.')).join(' ')
    case 'exclaiming':
      return typed.map((text) => ended(capitalised(text), random.chance(0.75) ? '!' : '!!')).join(' ')
    case 'trailing':
      return `${typed.map(uncapitalised).join('... ')}...`
    case 'dashes':
      return ended(capitalised(typed.map(uncapitalised).join(' - ')), '.')
    case 'lowercase':
      return typed.map((text) => ended(text.toLowerCase(), '.')).join(' ')
    case 'capitals':
      return typed
        .map((text) => {
          const words = text.split(' ')
          const loud = random.integer(words.length)
          return ended(
            capitalised(words.map((word, index) => (index === loud ? word.toUpperCase() : word)).join(' ')),
            '.',
          )
        })
        .join(' ')
    case 'unpunctuated':
      return typed.map((text) => text.toLowerCase().replaceAll(/[.,;:!?]/g, '')).join(' ')
  }
}

function ended(text: string, mark: string): string {
  return /[.!?]$/.test(text) ? text : `${text}${mark}`
}
