import { expansions } from './grammar.ts'
import { hashText, type SeededRandom } from './seeded-random.ts'
import type { AnswerStyle, Axis, Length, Punctuation, Register } from './traits.ts'

/** Where a persona's words come from: sentences training shows, sentences it does not, or words it does not. */
export const wordingScopes = ['trained', 'held out', 'foreign'] as const
export type WordingScope = (typeof wordingScopes)[number]

/**
 * Ways to say one thing. `templates` expand to many sentences; a quarter of them is kept from training
 * (`held out`: a new sentence of known words). `foreign` says it in words that training never uses for it.
 */
export interface Wordings {
  readonly templates: readonly string[]
  readonly foreign: readonly string[]
}

export const lengthWordings: Readonly<Record<Length, Wordings>> = {
  'very short': {
    templates: ['[Writes|Says|Answers in|Replies with] [a few words|a handful of words|three or four words|a few words only]', '[Extremely|Very] [short|brief|curt]', '[Never|Hardly ever] more than [a few words|one very short sentence|one scrap of a sentence]', '[Very short|Tiny] [answers|texts|messages]'],
    foreign: ['Miserly with syllables', 'Telegraphic'],
  },
  short: {
    templates: ['[Writes|Gives|Likes] [short|brief] [answers|texts|messages]', '[One or two|One or at most two] [short|] sentences', '[Is brief|Keeps it short|Keeps it brief|Stays brief]', 'A sentence or two'],
    foreign: ['Concise', 'Does not ramble'],
  },
  medium: {
    templates: ['[Writes|Gives|Says] two or three [sentences|things]', '[Answers|Writes|Texts|Messages] [of|at] medium length', '[A small|One small|A] paragraph', 'Neither [short|brief] nor long'],
    foreign: ['Of middling loquacity', 'Moderately wordy'],
  },
  long: {
    templates: ['[Writes|Answers|Talks] at [length|great length]', 'Long [answers|texts|messages][| of several sentences| with many sentences]', '[Goes|Goes far] into [detail|every detail|the details]', '[Several|Many|Four or five] sentences'],
    foreign: ['Verbose', 'Rambling and exhaustive'],
  },
} // prettier-ignore

export const registerWordings: Readonly<Record<Register, Wordings>> = {
  plain: {
    templates: ['[Uses|Writes in|Speaks in] [plain|simple|ordinary|everyday] [words|language]', '[Speaks|Writes|Talks] [simply|plainly]', '[Plain|Simple|Ordinary], [everyday|ordinary|simple] [language|words]'],
    foreign: ['Unadorned prose', 'Down to earth'],
  },
  formal: {
    templates: ['[Writes|Speaks] [formally|politely|formally and politely|correctly]', '[Formal|Polite|Official], [careful|correct|proper] [wording|language]', '[Sounds|Writes] like [an official letter|a formal letter|a polite letter]'],
    foreign: ['Bureaucratic and elevated', 'Stilted'],
  },
  slang: {
    templates: ['[Uses|Talks in|Writes in] [slang|casual slang|street slang|teenage slang]', '[Talks|Writes|Sounds] like [a teenager|the street|teenagers do]', '[Casual|Teenage|Street] [slang|talk][|: lowkey, ngl, bro]'],
    foreign: ['Speaks as kids on the block', 'Hip vernacular'],
  },
  warm: {
    templates: ['[Is|Sounds] [warm|kind|friendly|warm and kind]', '[Warm|Kind|Friendly], [homely|full of feeling|full of family]', '[Speaks|Writes] [warmly|kindly|with feeling|of family]'],
    foreign: ['Affectionate and motherly', 'Cuddly'],
  },
  dry: {
    templates: ['[Is|Sounds] [dry|ironic|deadpan|dry and ironic|sarcastic]', '[Dry|Deadpan|Sarcastic|Ironic] [remarks|irony|comments]', '[Makes|Likes] [dry|sarcastic|deadpan] [remarks|comments]'],
    foreign: ['Mocks things with a straight face', 'Sardonic'],
  },
  technical: {
    templates: ['[Reasons|Argues|Thinks] [with|in] [measures|numbers|measures and numbers|tests]', '[Technical|Factual], like a [test|test report|report]', '[Rates|Measures|Tests] and [compares|measures|rates] things'],
    foreign: ['An engineer at heart', 'Quantifies everything'],
  },
  poetic: {
    templates: ['[Writes|Speaks] [poetically|in images|in pictures|like a poet]', '[Poetic|Dreamy|Lyrical][| images| pictures| similes|, with similes]', '[Sees|Finds] [pictures|images|similes] in everything'],
    foreign: ['Figures of speech abound', 'Metaphorical and romantic'],
  },
  blunt: {
    templates: ['[Is|Sounds] [blunt|direct|hard|blunt and direct]', '[Blunt|Direct|Hard] [verdicts|judgements|words]', '[Gives|Likes] [blunt|hard|direct] [verdicts|judgements]'],
    foreign: ['Does not soften anything', 'Tactless'],
  },
} // prettier-ignore

export const punctuationWordings: Readonly<Record<Punctuation, Wordings>> = {
  plain: {
    templates: ['', '[Ordinary|Normal|Correct] [punctuation|full stops]', '[Uses|With] [ordinary|normal|correct] [punctuation|full stops]'],
    foreign: ['Punctuates as taught at school', 'Nothing odd about commas'],
  },
  exclaiming: {
    templates: ['[Uses|Likes|Loves] exclamation marks[|!]', '[Exclaims|Shouts "!"] [a lot|often|all the time]', '[Ends|Closes] [sentences|everything] with ["!"|exclamation marks]'],
    foreign: ['Very excitable typing', 'Thrilled by every line'],
  },
  trailing: {
    templates: ['[Trails|Fades] off [with|in] dots[|...]', '[Puts|Uses|Likes] ["..."|dots] [between|after] [thoughts|sentences]', '[Dots|"..."] [everywhere|all the time|between thoughts]'],
    foreign: ['Ellipses', 'Lets it hang in the air'],
  },
  dashes: {
    templates: ['[Joins|Connects|Separates] [thoughts|sentences] with [dashes|" - "]', '[Uses|Likes|Puts] [dashes|" - "] between [thoughts|sentences]', '[Dashes|" - "] [instead of full stops|everywhere|between thoughts]'],
    foreign: ['Hyphens hold it together', 'One idea, a stroke, another'],
  },
  lowercase: {
    templates: ['[Never uses|Does not use|Writes without] [capitals|capital letters|big letters]', '[All|Everything in|Writes all in|Writes everything in] [lowercase|small letters]', '[Small letters|Lowercase] only'],
    foreign: ['Shift key unused', 'Minuscule throughout'],
  },
  capitals: {
    templates: ['[Puts|Writes] [single|some] WORDS in [capitals|CAPITALS|capital letters]', '[Shouts|Stresses] [a WORD|single WORDS|some WORDS][| in CAPITALS| now and then]', '[Single|Some] WORDS in [CAPITALS|capitals]'],
    foreign: ['One LOUD term a line', 'Caps lock slips'],
  },
  unpunctuated: {
    templates: ['[No|Without] punctuation[|, no capitals| and no capitals]', '[Types|Writes] without [any|] punctuation', '[Leaves out|Drops|Forgets] [full stops|punctuation|full stops and commas]'],
    foreign: ['Not a comma in sight', 'Runs it all together'],
  },
} // prettier-ignore

export const answerWordings: Readonly<Record<AnswerStyle, Wordings>> = {
  plain: {
    templates: ['', '[Answers|Fills in] surveys [evenly|honestly|normally]', 'In surveys, [uses|takes] the whole scale'],
    foreign: ['No response bias', 'Ticks boxes as they come'],
  },
  extreme: {
    templates: ['[Picks|Chooses|Takes] the [extreme answers|ends of the scale|extremes]', 'In surveys, [all or nothing|the extremes|the ends of the scale]', '[Extreme|All or nothing] in surveys'],
    foreign: ['Never in between', 'Either the top or the bottom box'],
  },
  middle: {
    templates: ['[Picks|Chooses|Takes] the [middle|middle answer|middle of the scale]', 'In surveys, [stays in|picks|keeps to] the middle', '[Avoids|Shuns] [extreme answers|extremes|the ends of the scale]'],
    foreign: ['Sits on the fence', 'Noncommittal'],
  },
  agreeing: {
    templates: ['[Tends|Likes] to [agree|say yes]', '[Says yes|Agrees] in surveys', '[Prefers|Picks|Chooses] the [higher|high] [answer|answers]'],
    foreign: ['Nods along with anything', 'Acquiescent'],
  },
} // prettier-ignore

/** `{very}` is "Very" or the like where the group stands far out, "Rather" or the like where it does not. */
export const axisWordings: Readonly<Record<Axis, readonly [low: Wordings, high: Wordings]>> = {
  strict: [
    { templates: ['{very} [easy-going|relaxed|tolerant] about [manners|rules|behaviour]', '{very} [easy-going|tolerant|relaxed] with others', 'Finds {few} things rude'], foreign: ['Laid back about etiquette'] },
    { templates: ['{very} [strict|stern] about [manners|rules|behaviour]', '{very} [strict|stern] with others', 'Finds {many} things rude'], foreign: ['A stickler for etiquette'] },
  ],
  active: [
    { templates: ['{very} [inactive|passive|idle][| in the week| at weekends]', '[Goes out|Does things]{seldom}', '{seldom} [active|on the move|out of the house]', '{very} [often|much] at home'], foreign: ['A couch potato'] },
    { templates: ['{very} [active|busy|lively][| in the week| at weekends]', '[Goes out|Does things] {often}', '{often} [active|on the move|out of the house]', '{very} [seldom|little] at home'], foreign: ['Sporty and restless'] },
  ],
  satisfied: [
    { templates: ['{very} [dissatisfied|unhappy] with [services|most services|most things]', 'Gives {many} low ratings', '{very} [hard to please|dissatisfied] as a customer'], foreign: ['Malcontent'] },
    { templates: ['{very} [satisfied|happy] with [services|most services|most things]', 'Gives {many} high ratings', '{very} [easy to please|satisfied] as a customer'], foreign: ['Pleased by whatever is provided'] },
  ],
  trusting: [
    { templates: ['{very} [suspicious|distrustful|wary] of [people|institutions|others]', 'Trusts {few} people', '{very} [suspicious|wary|distrustful]'], foreign: ['Smells a scam everywhere'] },
    { templates: ['{very} [trusting|trustful] of [people|institutions|others]', 'Trusts {many} people', '{very} [trusting|trustful]'], foreign: ['Believes what officials say'] },
  ],
  modern: [
    { templates: ['{very} [old-fashioned|traditional]', '{very} [sceptical|wary] of new [technology|things|ideas]', 'Likes {few} new things'], foreign: ['A Luddite'] },
    { templates: ['{very} [modern|digital]', '{very} [keen on|fond of] new [technology|things|ideas]', 'Likes {many} new things'], foreign: ['An early adopter'] },
  ],
  thrifty: [
    { templates: ['{very} [generous|free|carefree] with money', '{seldom} [compares|looks at|asks about] prices', '{very} [carefree|generous|free] when [buying|shopping]'], foreign: ['A spendthrift'] },
    { templates: ['{very} [careful|thrifty|sparing] with money', '{often} [compares|looks at|asks about] prices', '{very} [careful|thrifty|sparing] when [buying|shopping]'], foreign: ['A penny pincher'] },
  ],
} // prettier-ignore

const adverbs = {
  far: { very: ['Very', 'Extremely'], few: ['hardly any', 'almost no'], many: ['a great many', 'nearly all'], seldom: ['Hardly ever', 'Almost never'], often: ['Nearly always', 'Very often'] },
  near: { very: ['Rather', 'Fairly'], few: ['few', 'not many'], many: ['many', 'quite a few'], seldom: ['Seldom', 'Not often'], often: ['Often', 'Fairly often'] },
} as const // prettier-ignore

/** Positions below this say nothing about the group; from `far` on they are said with emphasis. */
export const mentioned = 0.25
const far = 0.65

const known = new Map<string, Readonly<Record<WordingScope, readonly string[]>>>()

const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[a-z]+/g) ?? []

/** Every sentence of the scope; an empty one says the trait by saying nothing. */
export function sentencesOf(wordings: Wordings, scope: WordingScope): readonly string[] {
  const key = wordings.templates.join('\n')
  const found = known.get(key) ?? split(wordings)
  known.set(key, found)
  return found[scope]
}

/** A quarter is held out, in the order of the hashes, never a word's last sentence. */
function split({ templates, foreign }: Wordings): Readonly<Record<WordingScope, readonly string[]>> {
  const all = [...new Set(templates.flatMap((template) => expansions(template)))]
  const uses = new Map<string, number>()
  for (const text of all) for (const one of new Set(wordsIn(text))) uses.set(one, (uses.get(one) ?? 0) + 1)
  const heldOut = new Set<string>()
  for (const text of all.toSorted((a, b) => hashText(a) - hashText(b))) {
    const words = [...new Set(wordsIn(text))]
    if (heldOut.size >= all.length / 4 || words.length === 0) continue
    if (words.some((one) => (uses.get(one) ?? 0) < 2)) continue
    heldOut.add(text)
    for (const one of words) uses.set(one, (uses.get(one) ?? 0) - 1)
  }
  return { trained: all.filter((text) => !heldOut.has(text)), 'held out': [...heldOut], foreign }
}

function ended(text: string): string {
  return text === '' || /[.!"]$/.test(text) ? text : `${text}.`
}

export function word(wordings: Wordings, scope: WordingScope, random: SeededRandom): string {
  // A template first: one with many expansions should not crowd out the others.
  const sentences = sentencesOf(wordings, scope)
  if (scope !== 'trained') return ended(random.pick(sentences))
  const template = random.pick(wordings.templates)
  const some = expansions(template).filter((text) => sentences.includes(text))
  return ended(random.pick(some.length > 0 ? some : sentences))
}

/** A sentence on where the group stands on an axis of opinion, −1 to 1. */
export function axisWording(axis: Axis, position: number, scope: WordingScope, random: SeededRandom): string {
  const sentence = word(axisWordings[axis][position > 0 ? 1 : 0], scope, random)
  const degree = adverbs[Math.abs(position) >= far ? 'far' : 'near']
  const filled = sentence.replace(/\{(\w+)\}/, (_, name: keyof typeof degree) => random.pick(degree[name]))
  const cased = sentence.startsWith('{')
    ? filled
    : filled.replace(/ (Hardly|Almost|Nearly|Very|Seldom|Not|Often|Fairly)/, (text) => text.toLowerCase())
  return cased.charAt(0).toUpperCase() + cased.slice(1)
}
