import type { Occasion } from '../population/domains.ts'
import { shippedGroups } from '../population/groups.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { shippedShares } from '../population/shipped-society.ts'
import { generateSociety } from '../population/society.ts'
import { drawSpeaker } from '../population/speaker.ts'
import { speak } from '../population/utterance.ts'

/**
 * What new members of the shipped population say when they are asked, `draws` for each occasion. Who answers is drawn from
 * those who speak about such things, P(group | domain), as in the records that a mixture is fitted to.
 */
export function askMembers(
  occasions: readonly Occasion[],
  draws: number,
  interestSpread: number,
  random: SeededRandom,
): readonly string[] {
  const plan = { seed: 1, groups: shippedGroups, shares: shippedShares, records: 0, interestSpread }
  const { sharesByDomain } = generateSociety(plan).truth
  return occasions.flatMap((occasion) => {
    const weights = shippedGroups.map(({ name }) => sharesByDomain[occasion.domain]?.[name] ?? 0)
    return Array.from({ length: draws }, () => {
      const group = shippedGroups[random.weighted(weights)]
      if (group === undefined) throw new Error('no group')
      return speak(drawSpeaker(group, random), occasion).output
    })
  })
}
