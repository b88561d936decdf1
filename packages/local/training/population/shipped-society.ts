import type { PopulationRecord } from '@mop/core'
import { domains, drawOccasion } from './domains.ts'
import { groups, shippedGroups, trainingGroups, type Group } from './groups.ts'
import { behaviouralPersona } from './personas.ts'
import { hashText, seededRandom, type SeededRandom } from './seeded-random.ts'
import { generateSociety, type SocietyTruth } from './society.ts'
import { drawSpeaker } from './speaker.ts'
import { countWords, statisticsPersona, type WordCounts } from './statistics-persona.ts'
import type { TopicScope } from './topic-scope.ts'
import { speak, type Utterance } from './utterance.ts'

/** From a quarter down to one in fifty. */
export const shippedShares: readonly number[] = [
  0.25, 0.16, 0.12, 0.1, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02, 0.02,
]

/** What some members of a group say, each a new person. */
export function listen(
  group: Group,
  count: number,
  random: SeededRandom,
  scope: TopicScope = 'all',
): readonly Utterance[] {
  return Array.from({ length: count }, () =>
    speak(drawSpeaker(group, random), drawOccasion(random.pick(domains), random, scope)),
  )
}

/** Words of a mixed crowd, against which a group's own words stand out. */
export function backgroundWords(among: readonly Group[], texts: number, random: SeededRandom): WordCounts {
  return countWords(listenToAll(among, texts, random))
}

function listenToAll(among: readonly Group[], texts: number, random: SeededRandom): readonly string[] {
  return Array.from({ length: texts }, () => listen(random.pick(among), 1, random)[0]?.output ?? '')
}

export interface GroupPersonas {
  readonly group: string
  /** In wordings that training showed, in wordings that it did not, and from a sample of members. */
  readonly behavioural: string
  readonly heldOutWording: string
  readonly statistics: string
}

export interface ShippedSociety {
  readonly records: readonly PopulationRecord[]
  readonly truth: SocietyTruth
  readonly personas: readonly GroupPersonas[]
}

/** The sample population: twelve groups that the language model's training drew no record from. */
export function generateShippedSociety(seed: number, records: number): ShippedSociety {
  const { records: spoken, truth } = generateSociety({
    seed,
    groups: shippedGroups,
    shares: shippedShares,
    records,
  })
  const random = seededRandom(hashText('personas', seed))
  const backgroundTexts = 1500
  const background = backgroundWords([...trainingGroups, ...groups], backgroundTexts, random)
  const personas = shippedGroups.map((group) => ({
    group: group.name,
    behavioural: behaviouralPersona(group, random),
    heldOutWording: behaviouralPersona(group, random, 'held out'),
    statistics: statisticsPersona(listen(group, 30, random), background, backgroundTexts),
  }))
  return { records: spoken, truth, personas }
}
