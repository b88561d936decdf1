import { createRandom, simulate, type Encoder, type Mixture, type TextGenerator } from '@mop/core'
import { domains, drawOccasion } from '../population/domains.ts'
import { shippedGroups } from '../population/groups.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { shippedShares } from '../population/shipped-society.ts'
import { freeText, namedShares, trainGroupClassifier } from './group-classifier.ts'

export interface CoverageRow {
  readonly who: 'members' | 'bare' | 'mixture'
  /** Share of the responses that the classifier names each group for. */
  readonly shares: readonly number[]
  /** Groups named at least half as often as among members. */
  readonly covered: number
  /** Distinct responses among all. */
  readonly distinct: number
}

export interface Coverage {
  readonly groups: readonly string[]
  readonly classifierAccuracy: number
  readonly responses: number
  readonly rows: readonly CoverageRow[]
}

const inputCount = 100
const draws = 8

/**
 * The groups' modes: each group's way of writing, told by a classifier trained on the society's own texts. A mode is
 * covered where the classifier names the group for at least half the share of responses that it does for as many real
 * members in the population's proportions (5 samples, averaged). `members` is one more such sample: the ceiling.
 */
export async function coverage(options: {
  readonly mixture: Mixture
  readonly encoder: Encoder
  readonly generator: TextGenerator
  readonly random: SeededRandom
}): Promise<Coverage> {
  const { mixture, encoder, generator, random } = options
  const classifier = trainGroupClassifier(shippedGroups, random.fork('classifier'))
  const asked = random.fork('inputs')
  const free = domains.filter((domain) => domain !== 'survey')
  const inputs = Array.from({ length: inputCount }, (_, index) => ({
    id: String(index),
    input: drawOccasion(asked.pick(free), asked).input,
  }))
  const members = (label: string): readonly string[] => {
    const own = random.fork(label)
    return Array.from({ length: inputCount * draws }, () => {
      const group = shippedGroups[own.weighted(shippedShares)]
      if (group === undefined) throw new Error('no group')
      return freeText(group, own)
    })
  }
  const samples = [1, 2, 3, 4, 5].map((number) => namedShares(classifier, members(`members ${number}`)))
  const expected = shippedGroups.map(
    (_, index) => samples.reduce((sum, shares) => sum + (shares[index] ?? 0), 0) / samples.length,
  )
  const rows = await simulate({ mixture, encoder, generator, inputs, draws, seed: 1 })
  const seeds = createRandom(1).fork('bare')
  const bare = await generator.generate(
    inputs.flatMap(({ input }, index) =>
      Array.from({ length: draws }, (_, draw) => ({
        messages: [{ role: 'user' as const, content: input }],
        temperature: 1,
        seed: Math.floor(seeds.fork(`${index}/${draw}`).next() * 2 ** 31),
      })),
    ),
  )
  const texts = {
    members: members('members again'),
    bare: bare.generations.map(({ text }) => text),
    mixture: rows.map(({ output }) => output),
  }
  return {
    groups: shippedGroups.map(({ name }) => name),
    classifierAccuracy: classifier.accuracy,
    responses: inputCount * draws,
    rows: (['members', 'bare', 'mixture'] as const).map((who) => {
      const shares = namedShares(classifier, texts[who])
      return {
        who,
        shares,
        covered: shares.filter((share, index) => share >= (expected[index] ?? 0) / 2).length,
        distinct: new Set(texts[who]).size,
      }
    }),
  }
}
