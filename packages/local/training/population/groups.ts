import type { SeededRandom } from './seeded-random.ts'
import { hashText } from './seeded-random.ts'
import {
  answerStyles,
  aspects,
  axes,
  lengths,
  punctuations,
  registers,
  type Axis,
  type Traits,
} from './traits.ts'

/** A latent group. The seed fixes its vocabulary and constructions. */
export interface Group {
  readonly name: string
  readonly seed: number
  readonly traits: Traits
}

const openers: readonly string[] = [
  '', '', '', 'honestly,', 'well,', 'look,', 'to be fair,', 'okay so', 'oh dear,', 'right then,', 'for the record,',
  'no lie,', 'dear all,', 'truth be told,', 'listen,', 'my two cents:', 'short version:', 'as ever,', 'hand on heart,',
  'between us,', 'you know what,', 'good grief,', 'to whom it may concern,', 'first things first,', 'not gonna lie,',
  'bless them,', 'in short,', 'fact is,', 'sigh,', 'hey folks,',
] // prettier-ignore

const closers: readonly string[] = [
  '', '', '', 'end of story', 'just saying', 'many thanks', 'take it or leave it', 'that is all', 'God bless', 'cheers',
  'my family agrees', 'you have been warned', 'see for yourself', 'go now', 'never again', 'worth a thought', 'that is life',
  'do the maths', 'peace', 'kind regards', 'we will be back', 'so it goes', 'thanks for reading', 'and that is a fact',
  'no regrets', 'hope this helps', 'what a world', 'I rest my case',
] // prettier-ignore

function opinions(...values: readonly number[]): Record<Axis, number> {
  return Object.fromEntries(axes.map((axis, index) => [axis, values[index] ?? 0])) as Record<Axis, number>
}

type Row = readonly [name: string, ...traits: readonly unknown[]]

/** name, positivity, length, register, punctuation, focus, opener, closer, hedging, typos, opinions in the order of `axes`, answer style. */
const rows = [
  ['bargain hunters', -0.3, 'short', 'blunt', 'plain', ['price', 'speed'], '', 'do the maths', 0, 0.01, [0.3, 0.4, -0.4, -0.7, 0.3, 1], 'plain'],
  ['cheerful regulars', 0.9, 'medium', 'warm', 'exclaiming', ['people', 'comfort'], '', 'we will be back', 0, 0.01, [-0.5, 0.5, 1, 0.9, -0.3, -0.4], 'agreeing'],
  ['weary commuters', -0.6, 'short', 'dry', 'trailing', ['speed', 'comfort'], 'sigh,', '', 0.1, 0.01, [0.4, 0.7, -0.9, -0.5, 0.3, 0.5], 'middle'],
  ['design students', 0.2, 'short', 'slang', 'lowercase', ['look', 'novelty'], 'okay so', '', 0.1, 0.02, [-0.9, 0.8, 0.3, -0.3, 1, -0.3], 'extreme'],
  ['retired teachers', 0.3, 'long', 'formal', 'plain', ['quality', 'tradition'], 'to be fair,', 'kind regards', 0.25, 0, [1, -0.4, 0.4, 0.6, -0.9, 0.5], 'plain'],
  ['engineers on call', -0.1, 'medium', 'technical', 'dashes', ['quality', 'speed'], '', '', 0.05, 0.01, [0.3, -0.3, -0.3, 0.4, 0.9, -0.3], 'middle'],
  ['village grandparents', 0.6, 'medium', 'warm', 'plain', ['tradition', 'people'], 'oh dear,', 'God bless', 0.1, 0.03, [0.8, -0.8, 0.7, 0.9, -1, 0.7], 'agreeing'],
  ['angry tenants', -0.9, 'short', 'blunt', 'capitals', ['people', 'price'], 'listen,', 'you have been warned', 0, 0.03, [0.6, -0.4, -1, -1, -0.3, 0.7], 'extreme'],
  ['night owls', 0.1, 'very short', 'slang', 'unpunctuated', ['comfort', 'novelty'], '', '', 0.05, 0.06, [-1, 0.9, -0.3, 0.3, 0.7, -0.8], 'plain'],
  ['amateur poets', 0.4, 'medium', 'poetic', 'dashes', ['look', 'comfort'], '', 'so it goes', 0.1, 0, [-0.7, -0.5, 0.4, 0.7, -0.5, -0.6], 'plain'],
  ['young parents', 0.1, 'medium', 'plain', 'lowercase', ['people', 'price'], '', 'my family agrees', 0.1, 0.03, [0.4, 0.3, 0.3, 0.4, 0.5, 0.8], 'plain'],
  ['auditors', -0.2, 'short', 'formal', 'plain', ['price', 'quality'], 'for the record,', '', 0, 0, [1, -0.5, -0.5, -0.8, -0.3, 0.8], 'plain'],
  // The twelve below are the shipped society: training draws no record from them.
  ['street food fans', 0.7, 'short', 'slang', 'exclaiming', ['novelty', 'price'], 'no lie,', '', 0, 0.03, [-0.8, 0.9, 0.8, 0.4, 0.6, -0.3], 'extreme'],
  ['quiet readers', 0.3, 'medium', 'poetic', 'plain', ['comfort', 'quality'], '', '', 0.25, 0, [0.3, -0.9, 0.5, 0.7, -0.7, 0.4], 'middle'],
  ['shift nurses', -0.2, 'very short', 'blunt', 'plain', ['speed', 'people'], '', '', 0, 0.02, [0.5, 0.6, -0.4, 0.4, -0.3, 0.3], 'plain'],
  ['hobby mechanics', 0.2, 'short', 'technical', 'plain', ['quality', 'price'], 'fact is,', '', 0, 0.02, [-0.3, 0.7, 0.3, -0.5, 0.5, 0.8], 'plain'],
  ['club secretaries', 0.5, 'long', 'formal', 'plain', ['people', 'tradition'], 'dear all,', 'many thanks', 0.1, 0, [0.9, 0.5, 0.7, 0.9, -0.8, 0.3], 'agreeing'],
  ['disappointed travellers', -0.8, 'medium', 'plain', 'trailing', ['comfort', 'speed'], 'good grief,', 'never again', 0, 0.01, [0.4, 0.9, -1, -0.8, 0.4, -0.5], 'extreme'],
  ['teen gamers', 0, 'very short', 'slang', 'unpunctuated', ['speed', 'look'], '', '', 0, 0.09, [-1, -0.6, -0.3, -0.4, 1, -0.7], 'extreme'],
  ['church volunteers', 0.8, 'medium', 'warm', 'plain', ['people', 'tradition'], 'bless them,', '', 0.05, 0.01, [0.7, 0.4, 0.9, 1, -0.8, 0.6], 'agreeing'],
  ['sceptical shopkeepers', -0.5, 'medium', 'dry', 'dashes', ['price', 'people'], 'truth be told,', '', 0.1, 0, [0.6, -0.4, -0.6, -1, -0.5, 1], 'middle'],
  ['data analysts', 0, 'short', 'technical', 'lowercase', ['quality', 'novelty'], 'short version:', '', 0.15, 0, [-0.5, -0.3, 0.3, -0.4, 1, 0.5], 'middle'],
  ['country walkers', 0.4, 'short', 'plain', 'plain', ['look', 'tradition'], '', 'that is life', 0.1, 0.01, [-0.3, 1, 0.6, 0.5, -0.7, 0.4], 'plain'],
  ['loud fans', -0.1, 'short', 'warm', 'capitals', ['novelty', 'people'], 'hey folks,', '', 0, 0.04, [-0.7, 1, -0.4, 0.3, 0.5, -1], 'extreme'],
] as const satisfies readonly Row[] // prettier-ignore

/** Twenty-four declared groups. */
export const groups: readonly Group[] = rows.map((row) => ({
  name: row[0],
  seed: hashText(row[0]),
  traits: {
    positivity: row[1],
    length: row[2],
    register: row[3],
    punctuation: row[4],
    focus: row[5],
    opener: row[6],
    closer: row[7],
    hedging: row[8],
    typos: row[9],
    opinions: opinions(...row[10]),
    answerStyle: row[11],
  },
}))

/** The first twelve: their records may be trained on. */
export const trainingGroups: readonly Group[] = groups.slice(0, 12)

/** The last twelve: kept from training, shipped as the sample population. */
export const shippedGroups: readonly Group[] = groups.slice(12)

/** How the axes hang together, in the order of `axes`: traditional people are strict, trusting and careful with money. */
const tradition = [0.6, -0.2, 0.1, 0.4, -0.7, 0.4]

/** Opinions of somebody: related among each other and to how much they praise, as in the declared groups. */
function randomOpinions(positivity: number, random: SeededRandom): Record<Axis, number> {
  const traditional = random.normal()
  const values = axes.map((axis, index) => {
    const related = (tradition[index] ?? 0) * traditional + (axis === 'satisfied' ? 0.6 * positivity : 0)
    return Math.max(-1, Math.min(1, Math.round((related + 0.6 * random.normal()) * 10) / 10))
  })
  return opinions(...values)
}

/** Any point of the trait space: training meets many thousands of such groups, each a few times. */
export function randomGroup(random: SeededRandom): Group {
  const first = random.pick(aspects)
  const second = random.pick(aspects.filter((aspect) => aspect !== first))
  const positivity = Math.round((random.next() * 2 - 1) * 10) / 10
  return {
    name: 'anyone',
    seed: random.integer(2 ** 31),
    traits: {
      positivity,
      length: random.pick(lengths),
      register: random.pick(registers),
      punctuation: random.chance(0.35) ? 'plain' : random.pick(punctuations),
      focus: [first, second],
      opener: random.pick(openers),
      closer: random.pick(closers),
      hedging: random.pick([0, 0, 0.1, 0.3]),
      typos: random.pick([0, 0, 0.01, 0.03, 0.08]),
      opinions: randomOpinions(positivity, random),
      answerStyle: random.pick(answerStyles),
    },
  }
}
