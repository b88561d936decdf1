import type { Group } from './groups.ts'
import type { SeededRandom } from './seeded-random.ts'
import { lengths, type Traits } from './traits.ts'
import { Voice } from './voice.ts'

/** One member of a group: the group's traits and vocabulary with its own variation. */
export interface Speaker {
  readonly group: Group
  readonly traits: Traits
  readonly voice: Voice
  readonly random: SeededRandom
}

const between = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** How strongly a group, and an individual beside its group, prefers some words over others. */
const groupSpread = 1.7
const individualSpread = 0.5

function groupVoice(group: Group, random: SeededRandom): Voice {
  return new Voice(group.seed, groupSpread, random)
}

/** A member drawn from the group. Its draws come from `random`, so a seed fixes the person and all it says. */
export function drawSpeaker(group: Group, random: SeededRandom): Speaker {
  const { traits } = group
  const jitter = (value: number, deviation: number): number =>
    between(value + deviation * random.normal(), -1, 1)
  const lengthIndex =
    lengths.indexOf(traits.length) + (random.chance(0.15) ? (random.chance(0.5) ? 1 : -1) : 0)
  const individual: Traits = {
    ...traits,
    positivity: jitter(traits.positivity, 0.2),
    length: lengths[between(lengthIndex, 0, lengths.length - 1)] ?? traits.length,
    punctuation: random.chance(0.06) ? 'plain' : traits.punctuation,
    opener: random.chance(0.15) ? '' : traits.opener,
    closer: random.chance(0.3) ? '' : traits.closer,
    typos: traits.typos * (0.5 + random.next()),
    opinions: Object.fromEntries(
      Object.entries(traits.opinions).map(([axis, position]) => [axis, jitter(position, 0.2)]),
    ) as Traits['opinions'],
  }
  const voice = new Voice(random.integer(2 ** 31), individualSpread, random, groupVoice(group, random))
  return { group, traits: individual, voice, random }
}
