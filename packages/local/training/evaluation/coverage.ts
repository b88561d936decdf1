import { createRandom, simulate, type Encoder, type Mixture, type TextGenerator } from '@mop/core'
import { domains, drawOccasion } from '../population/domains.ts'
import { shippedGroups } from '../population/groups.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { namedShares, trainGroupClassifier } from './group-classifier.ts'
import { askMembers } from './members.ts'

/** A fitted mixture to ask, and the population it was fitted to. */
export interface CoverageArm {
  readonly name: string
  readonly mixture: Mixture
  readonly encoder: Encoder
  readonly interestSpread: number
  /** Multiplies the fitted temperatures; default 1. */
  readonly temperatureScale?: number
}

export interface CoverageRow {
  readonly who: string
  /** What the members were drawn with: how differently the groups are interested in the domains. */
  readonly interestSpread: number
  /** Share of the responses that the classifier names each group for. */
  readonly shares: readonly number[]
  /** The same among members, mean of five samples. */
  readonly expected: readonly number[]
  /** Groups named at least half as often as among members. */
  readonly covered: number
  /** Distinct responses among all. */
  readonly distinct: number
  /** Share of the draws that each persona had, and of those the share named for its group. Mixtures only. */
  readonly drawn?: readonly number[]
  readonly recognised?: readonly number[]
}

export interface Coverage {
  readonly groups: readonly string[]
  readonly classifierAccuracy: number
  readonly responses: number
  readonly rows: readonly CoverageRow[]
}

const inputCount = 100

/**
 * The groups' modes: each group's way of writing, told by a classifier trained on the society's own texts. A mode is
 * covered where the classifier names the group for at least half the share of responses that it does for real members. The
 * members belong to the population that the mixture was fitted to and are asked the same inputs (see `askMembers`). `members` is one more such sample: the ceiling.
 */
export async function coverage(options: {
  readonly arms: readonly CoverageArm[]
  /** Responses to each of the 100 inputs. */
  readonly draws: number
  readonly generator: TextGenerator
  readonly random: SeededRandom
  readonly onProgress?: (text: string) => void
}): Promise<Coverage> {
  const { arms, draws, generator, random } = options
  const classifier = trainGroupClassifier(shippedGroups, random.fork('classifier'))
  const asked = random.fork('inputs')
  const free = domains.filter((domain) => domain !== 'survey')
  const occasions = Array.from({ length: inputCount }, () => drawOccasion(asked.pick(free), asked))
  const inputs = occasions.map(({ input }, index) => ({ id: String(index), input }))

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
  const rows: CoverageRow[] = []
  for (const [interestSpread, some] of Map.groupBy(arms, (arm) => arm.interestSpread)) {
    const members = (label: string): readonly string[] =>
      askMembers(occasions, draws, interestSpread, random.fork(`${interestSpread} ${label}`))
    const samples = [1, 2, 3, 4, 5].map((number) => namedShares(classifier, members(`members ${number}`)))
    const expected = shippedGroups.map(
      (_, index) => samples.reduce((sum, shares) => sum + (shares[index] ?? 0), 0) / samples.length,
    )
    const judge = (who: string, texts: readonly string[]): CoverageRow => {
      const shares = namedShares(classifier, texts)
      const covered = shares.filter((share, index) => share >= (expected[index] ?? 0) / 2).length
      return { who, interestSpread, shares, expected, covered, distinct: new Set(texts).size }
    }
    rows.push(
      judge('members', members('members again')),
      judge(
        'bare',
        bare.generations.map(({ text }) => text),
      ),
    )
    for (const { name, mixture, encoder, temperatureScale = 1 } of some) {
      const said = await simulate({ mixture, encoder, generator, inputs, draws, seed: 1, temperatureScale })
      const persona = said.map(({ personas }) =>
        shippedGroups.findIndex((group) => group.name === personas[0]),
      )
      const named = said.map(({ output }) => classifier.classify(output))
      rows.push({
        ...judge(
          name,
          said.map(({ output }) => output),
        ),
        drawn: shippedGroups.map((_, index) => persona.filter((k) => k === index).length / said.length),
        recognised: shippedGroups.map((_, index) => {
          const own = named.filter((_name, row) => persona[row] === index)
          return own.filter((k) => k === index).length / Math.max(1, own.length)
        }),
      })
      options.onProgress?.(`${name} ${rows.at(-1)?.covered}`)
    }
  }
  return {
    groups: shippedGroups.map(({ name }) => name),
    classifierAccuracy: classifier.accuracy,
    responses: inputCount * draws,
    rows,
  }
}
