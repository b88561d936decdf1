import type { Group } from './groups.ts'
import type { SeededRandom } from './seeded-random.ts'
import { axes } from './traits.ts'
import {
  answerWordings,
  axisWording,
  lengthWordings,
  mentioned,
  punctuationWordings,
  registerWordings,
  word,
  type Wordings,
  type WordingScope,
} from './wordings.ts'

const moods: readonly (readonly [above: number, wordings: Wordings])[] = [
  [0.55, { templates: ['[Praises|Likes|Loves] [nearly|almost] everything', '[Mostly|Nearly always] [positive|full of praise]', 'Easily [pleased|delighted]'], foreign: ['Sunny disposition'] }],
  [0.2, { templates: ['[Rather|Fairly] [positive|pleased]', '[Leans|Tends] to praise', 'More [pleased|positive] than not'], foreign: ['Glass half full'] }],
  [-0.2, { templates: ['[Mixed|Balanced] [opinions|views]', '[Praises and complains|Likes and dislikes] [alike|in turn]', '[Neither|Not] positive nor negative'], foreign: ['On the one hand, on the other hand'] }],
  [-0.55, { templates: ['[Rather|Fairly] [negative|critical]', '[Leans|Tends] to [complain|complaint]', 'More [critical|negative] than not'], foreign: ['Glass half empty'] }],
  [-2, { templates: ['[Complains|Grumbles] about [nearly|almost] everything', '[Mostly|Nearly always] [negative|full of complaint]', '[Hard|Impossible] to please'], foreign: ['Gloomy disposition'] }],
] // prettier-ignore

const hedging: Wordings = {
  templates: ['[Hedges|Doubts]: I think, maybe', '[Is never|Never] [quite|fully] sure', '[Often|Always] [unsure|in doubt]'],
  foreign: ['Qualifies every claim'],
} // prettier-ignore

const typing: Wordings = {
  templates: ['[Makes|Has|Full of] [typing|spelling] mistakes', '[Misspells|Mistypes] [words|many words|some words]'],
  foreign: ['Clumsy on the keyboard'],
} // prettier-ignore

/**
 * A short behavioural description of the group. Training sees sentences of the `trained` scope in any order, sometimes
 * not all of them; in the other scopes every sentence is there, in order.
 */
export function behaviouralPersona(
  group: Group,
  random: SeededRandom,
  scope: WordingScope = 'trained',
): string {
  const { traits } = group
  const say = (wordings: Wordings): string => word(wordings, scope, random)
  const [first, second] = traits.focus
  const mood = moods.find(([above]) => traits.positivity > above)?.[1]
  const parts: string[] = [
    say(lengthWordings[traits.length]),
    say(registerWordings[traits.register]),
    ...(mood === undefined ? [] : [say(mood)]),
    say(punctuationWordings[traits.punctuation]),
    say({
      templates: [`[Looks at|Cares about|Talks about|Notices|Thinks of|Values] ${first}[ and| first, then|, then] ${second}`, `[What counts|What matters|First things]: ${first}, ${second}`],
      foreign: [`Preoccupied by ${first}; ${second} comes next`],
    }),
  ] // prettier-ignore
  if (traits.opener !== '')
    parts.push(random.pick([`Starts with "${traits.opener}"`, `Often begins "${traits.opener}"`]))
  if (traits.closer !== '') parts.push(random.pick([`Ends with "${traits.closer}"`, `Likes to close with "${traits.closer}"`])) // prettier-ignore
  if (traits.hedging >= 0.1) parts.push(say(hedging))
  if (traits.typos >= 0.03) parts.push(say(typing))
  parts.push(say(answerWordings[traits.answerStyle]))
  for (const axis of axes) {
    const position = traits.opinions[axis]
    if (Math.abs(position) >= mentioned) parts.push(axisWording(axis, position, scope, random))
  }
  const kept = parts.filter((part) => part !== '')
  if (scope === 'trained' && random.chance(0.5)) {
    for (let index = kept.length - 1; index > 0; index--) {
      const other = random.integer(index + 1)
      const moved = kept[index] ?? ''
      kept[index] = kept[other] ?? ''
      kept[other] = moved
    }
    while (kept.length > 5 && random.chance(0.2)) kept.pop()
  }
  return kept.join(' ')
}
