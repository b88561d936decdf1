import type { Group } from './groups.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { AnswerStyle, Axis, Length, Punctuation, Register } from './traits.ts'
import { axes } from './traits.ts'

/** Several wordings of each trait. The last wording of every list is kept from training. */
const lengthWordings: Readonly<Record<Length, readonly string[]>> = {
  'very short': ['Writes a few words only.', 'Never more than one very short sentence.', 'Keeps it to a handful of words.', 'Extremely brief.'],
  short: ['Writes short answers.', 'One or two short sentences.', 'Is brief.', 'Does not say much.'],
  medium: ['Writes two or three sentences.', 'Answers at medium length.', 'Says a couple of things.', 'Writes a small paragraph.'],
  long: ['Writes at length.', 'Long answers of several sentences.', 'Goes into detail.', 'Has a lot to say.'],
} // prettier-ignore

const registerWordings: Readonly<Record<Register, readonly string[]>> = {
  plain: ['Uses plain words.', 'Speaks simply.', 'Plain, ordinary language.', 'Straightforward everyday wording.'],
  formal: ['Writes formally and politely.', 'Formal, careful wording.', 'Sounds like an official letter.', 'Uses elevated, correct language.'],
  slang: ['Uses slang.', 'Talks like a teenager, with slang.', 'Casual slang: lowkey, ngl, bro.', 'Street talk.'],
  warm: ['Is warm and speaks of family.', 'Kind, homely tone.', 'Friendly and full of feeling.', 'Affectionate wording.'],
  dry: ['Is dry and ironic.', 'Deadpan, sarcastic remarks.', 'Understated irony.', 'Mocks things with a straight face.'],
  technical: ['Reasons with measures and numbers.', 'Technical, like a test report.', 'Rates and compares things.', 'Thinks in specifications.'],
  poetic: ['Writes poetically, in images.', 'Lyrical, with similes.', 'Sees pictures in everything.', 'Dreamy figures of speech.'],
  blunt: ['Is blunt.', 'Direct, hard verdicts.', 'Drops words and does not soften anything.', 'Gets straight to the verdict.'],
} // prettier-ignore

const punctuationWordings: Readonly<Record<Punctuation, readonly string[]>> = {
  plain: ['', '', 'Ordinary punctuation.', 'Correct full stops.'],
  exclaiming: ['Uses exclamation marks!', 'Exclaims a lot.', 'Ends sentences with "!".', 'Very excitable punctuation.'],
  trailing: ['Trails off with dots...', 'Puts "..." between thoughts.', 'Dots everywhere.', 'Lets sentences fade out.'],
  dashes: ['Joins thoughts with dashes.', 'Uses " - " between thoughts.', 'Dashes instead of full stops.', 'Thought - then another.'],
  lowercase: ['Never uses capitals.', 'all lowercase.', 'Writes everything in small letters.', 'Shift key unused.'],
  capitals: ['Puts single WORDS in capitals.', 'Shouts a WORD now and then.', 'Stresses words in CAPITALS.', 'One loud word a sentence.'],
  unpunctuated: ['No punctuation, no capitals.', 'Types without any punctuation.', 'Leaves out full stops and commas.', 'Unpunctuated small letters.'],
} // prettier-ignore

const answerWordings: Readonly<Record<AnswerStyle, readonly string[]>> = {
  plain: ['', '', 'Answers surveys evenly.', 'Uses the whole scale.'],
  extreme: ['Picks the extreme answers.', 'In surveys, all or nothing.', 'Chooses the ends of the scale.', 'Never in the middle.'],
  middle: ['Picks the middle answer.', 'In surveys, stays in the middle.', 'Avoids extreme answers.', 'Always between the ends.'],
  agreeing: ['Tends to agree.', 'Says yes in surveys.', 'Prefers the higher answer.', 'Inclined to agree with anything.'],
} // prettier-ignore

const axisWordings: Readonly<Record<Axis, readonly [low: readonly string[], high: readonly string[]]>> = {
  strict: [['Easy-going about manners.', 'Finds hardly anything rude.', 'Relaxed about rules.'], ['Strict about manners.', 'Finds many things rude.', 'Insists on rules.']],
  active: [['Seldom goes out.', 'Does little in the week.', 'Stays at home.'], ['Goes out often.', 'Very active.', 'Always on the move.']],
  satisfied: [['Dissatisfied with most services.', 'Gives low ratings.', 'Rarely content.'], ['Satisfied with services.', 'Gives high ratings.', 'Content.']],
  trusting: [['Trusts nobody.', 'Suspicious of institutions.', 'Wary of people.'], ['Trusts people.', 'Has faith in institutions.', 'Believes in others.']],
  modern: [['Old-fashioned.', 'Prefers the old ways.', 'Avoids new technology.'], ['Likes new technology.', 'Modern.', 'Keen on anything digital.']],
  thrifty: [['Spends freely.', 'Does not look at prices.', 'Buys on impulse.'], ['Watches every penny.', 'Compares prices.', 'Careful with money.']],
} // prettier-ignore

function moodWording(positivity: number, random: SeededRandom): string {
  if (positivity > 0.45)
    return random.pick(['Praises nearly everything.', 'Mostly positive.', 'Easily pleased.'])
  if (positivity > 0.15)
    return random.pick(['Rather positive.', 'Leans to praise.', 'More pleased than not.'])
  if (positivity >= -0.15)
    return random.pick(['Mixed opinions.', 'Praises and complains alike.', 'Neither fan nor critic.'])
  if (positivity >= -0.45)
    return random.pick(['Rather negative.', 'Leans to complaint.', 'More critical than not.'])
  return random.pick(['Complains about nearly everything.', 'Mostly negative.', 'Hard to please.'])
}

/** A short behavioural description of the group. `heldOut` uses the wordings that training never shows. */
export function behaviouralPersona(group: Group, random: SeededRandom, heldOut = false): string {
  const { traits } = group
  const word = (wordings: readonly string[]): string =>
    heldOut ? (wordings.at(-1) ?? '') : random.pick(wordings.slice(0, -1))
  const parts: string[] = [
    word(lengthWordings[traits.length]),
    word(registerWordings[traits.register]),
    moodWording(traits.positivity, random),
    word(punctuationWordings[traits.punctuation]),
    random.pick([
      `Looks at ${traits.focus[0]} and ${traits.focus[1]}.`,
      `Cares about ${traits.focus[0]}, then ${traits.focus[1]}.`,
      `What counts: ${traits.focus[0]}, ${traits.focus[1]}.`,
    ]),
  ]
  if (traits.opener !== '')
    parts.push(random.pick([`Starts with "${traits.opener}".`, `Often begins "${traits.opener}"`]))
  if (traits.closer !== '')
    parts.push(random.pick([`Ends with "${traits.closer}".`, `Likes to close with "${traits.closer}".`]))
  if (traits.hedging >= 0.1) parts.push(random.pick(['Hedges: I think, maybe.', 'Is never quite sure.']))
  if (traits.typos >= 0.03) parts.push(random.pick(['Makes typing mistakes.', 'Misspells words.']))
  parts.push(word(answerWordings[traits.answerStyle]))
  for (const axis of axes) {
    const position = traits.opinions[axis]
    if (Math.abs(position) >= 0.5) parts.push(word(axisWordings[axis][position > 0 ? 1 : 0]))
  }
  const kept = parts.filter((part) => part !== '')
  if (!heldOut && random.chance(0.5)) {
    for (let index = kept.length - 1; index > 0; index--) {
      const other = random.integer(index + 1)
      const moved = kept[index] ?? ''
      kept[index] = kept[other] ?? ''
      kept[other] = moved
    }
    while (kept.length > 4 && random.chance(0.25)) kept.pop()
  }
  return kept.join(' ')
}
