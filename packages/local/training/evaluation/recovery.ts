import { chatTemplate, fit, givenPersonas, preparePopulation, splitRecords } from '@mop/core'
import type { FitReport, LikelihoodScorer, LikelihoodTable, Mixture, PopulationRecord } from '@mop/core'
import { fitLatentSemanticEncoder, type LatentSemanticEncoder } from '@mop/local'
import { shippedGroups } from '../population/groups.ts'
import { behaviouralPersona } from '../population/personas.ts'
import type { SeededRandom } from '../population/seeded-random.ts'
import { shippedShares } from '../population/shipped-society.ts'
import { generateSociety, type SocietyTruth } from '../population/society.ts'

export interface Recovery {
  readonly mixture: Mixture
  readonly encoder: LatentSemanticEncoder
  readonly heldOut: readonly PopulationRecord[]
  readonly report: FitReport
  readonly truth: readonly number[]
  /** Total variation of the personas' sizes, and of equal sizes, to the groups' shares among the training records. */
  readonly distance: number
  readonly equalDistance: number
  /** What the true P(group | domain) gains over the true P(group) on the held-out records, where that was asked for. */
  readonly trueGain: number | undefined
}

export interface RecoveryOptions {
  readonly records: number
  readonly seed: number
  /** How differently the groups are interested in the domains. */
  readonly interestSpread: number
  readonly exemplars: number
  readonly temperatures: readonly number[]
  /** Scores every held-out record under every persona at temperature 1. */
  readonly trueGain: boolean
  readonly scorer: LikelihoodScorer
  readonly table?: LikelihoodTable
  readonly random: SeededRandom
  readonly onProgress?: (text: string) => void
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / 2
}

/** Fits the twelve groups never in training, each given by a persona in wordings kept from training, to what they said. */
export async function recover(options: RecoveryOptions): Promise<Recovery> {
  const { records, seed, interestSpread, exemplars, temperatures, scorer, random } = options
  const society = generateSociety({
    seed,
    groups: shippedGroups,
    shares: shippedShares,
    records,
    interestSpread,
  })
  const split = splitRecords(society.records, { seed })
  const encoder = fitLatentSemanticEncoder(
    split.train.flatMap(({ input, output }) => [input, `${input}\n${output}`]),
  )
  const personas = givenPersonas(
    shippedGroups.map((group) => ({ id: group.name, text: behaviouralPersona(group, random, 'held out') })),
  )
  const population = await preparePopulation(split, {
    encoder,
    seed,
    personas,
    exemplars: { count: exemplars },
  })
  const { mixture, report } = await fit(population, {
    encoder,
    scorer,
    seed,
    temperatures,
    ...(options.table !== undefined && { table: options.table }),
    onProgress: ({ phase, round, done, total }) => {
      if (done === total || done % 2000 === 0)
        options.onProgress?.(`${phase} ${round ?? ''} ${done}/${total}`)
    },
  })
  const { groupOf } = society.truth
  const { train } = population.split
  const truth = shippedGroups.map(
    ({ name }) => train.filter(({ id }) => groupOf[id] === name).length / train.length,
  )
  return {
    mixture,
    encoder,
    heldOut: population.split.heldOut,
    report,
    truth,
    distance: distanceOf(truth, report.personaSizes),
    trueGain: options.trueGain
      ? await gainOfTruth(population.split.heldOut, personas, society.truth, scorer)
      : undefined,
    equalDistance: distanceOf(
      truth,
      truth.map(() => 1 / truth.length),
    ),
  }
}

async function gainOfTruth(
  records: readonly PopulationRecord[],
  personas: readonly { readonly text: string }[],
  { shares, sharesByDomain, domainOf }: SocietyTruth,
  scorer: LikelihoodScorer,
): Promise<number> {
  const requests = personas.flatMap((persona) =>
    records.map(({ input, output }) => ({
      messages: chatTemplate.render([{ persona }], input),
      continuation: output,
    })),
  )
  const { scores } = await scorer.score(requests, { temperatures: [1] })
  const logLikelihood = (record: number, weights: Readonly<Record<string, number>>): number => {
    const terms = shippedGroups.map(({ name }, persona) => {
      const score = scores[persona * records.length + record]?.logLikelihoods[0] ?? Number.NaN
      return score + Math.log(weights[name] ?? Number.NaN)
    })
    const most = Math.max(...terms)
    return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0))
  }
  const gains = records.map(({ id }, index) => {
    const byDomain = sharesByDomain[domainOf[id] ?? 'survey'] ?? {}
    return logLikelihood(index, byDomain) - logLikelihood(index, shares)
  })
  return gains.reduce((sum, gain) => sum + gain, 0) / gains.length
}
