import { expect, test } from 'vitest'
import type { LikelihoodScorer } from '../ports/likelihood-scorer.ts'
import { createRandom } from '../random/random.ts'
import { categorical } from '../random/categorical.ts'
import type { PopulationRecord } from '../record/population-record.ts'
import { fakeEncoder } from '../testing/fake-encoder.ts'
import { fit } from './fit.ts'
import { preparePopulation } from './prepare-population.ts'
import { splitRecords } from './split-records.ts'

/** Loud people shout and are mostly young; quiet ones whisper and are mostly old. Nobody is told apart but by what they say. */
const personas = [
  { id: 'loud', text: 'Is loud.' },
  { id: 'quiet', text: 'Is quiet.' },
]
const young = [0.9, 0.2]

function population(count: number): PopulationRecord[] {
  const random = createRandom('attributes')
  return Array.from({ length: count }, (_, index) => {
    const persona = categorical(random, [0.3, 0.7])
    const age = random.next() < (young[persona] ?? 0) ? 'young' : 'old'
    const output = categorical(random, persona === 0 ? [0.95, 0.05] : [0.05, 0.95]) === 0 ? 'HEY' : 'hush'
    return {
      id: `r${index}`,
      input: 'Say something.',
      output,
      choices: ['HEY', 'hush'],
      respondent: `person ${index}`,
      attributes: { age, badge: index, town: 'here' },
    }
  })
}

/**
 * What the responsibilities of METHOD section 7 can know: who says HEY is loud with P(loud | HEY), so that a share of those
 * taken for loud are quiet: Σ_y p(y) r_k(y) Σ_z P(z | y) P(young | z) / Σ_y p(y) r_k(y).
 */
function blurred(k: number): number {
  const sizes = [0.3, 0.7]
  const says = [
    [0.95, 0.05],
    [0.05, 0.95],
  ]
  let [sum, total] = [0, 0]
  for (const y of [0, 1]) {
    const joint = sizes.map((size, z) => size * (says[z]?.[y] ?? 0))
    const p = joint.reduce((all, value) => all + value, 0)
    total += joint[k] ?? 0
    sum += joint.reduce((all, value, z) => all + (joint[k] ?? 0) * (value / p) * (young[z] ?? 0), 0)
  }
  return sum / total
}

const scorer: LikelihoodScorer = {
  id: 'shouting world',
  score: (requests, { temperatures = [1] } = {}) =>
    Promise.resolve({
      scores: requests.map(({ messages, continuation }) => {
        const loud = messages.some(({ content }) => content.includes('loud'))
        const bare = messages.length === 1
        const p = bare ? 0.5 : loud === (continuation === 'HEY') ? 0.95 : 0.05
        return { logLikelihoods: Float64Array.from(temperatures, () => Math.log(p)), tokens: 1 }
      }),
      usage: { calls: requests.length, inputTokens: 0, outputTokens: 0, evaluatedTokens: 0 },
    }),
}

test('a fit learns how attributes are spread within the personas, and leaves out what names nobody’s group', async () => {
  const encoder = fakeEncoder()
  const split = splitRecords(population(3000), { seed: 1 })
  const prepared = await preparePopulation(split, { encoder, seed: 1, personas, exemplars: { count: 0 } })
  const { mixture, report } = await fit(prepared, { encoder, scorer, seed: 1 })
  // One value for all (town) and one for each (badge) say nothing of groups.
  expect(mixture.attributes.map(({ name, values }) => [name, values])).toEqual([['age', ['old', 'young']]])
  const probabilities = mixture.attributes[0]?.probabilities ?? []
  for (const [k, truth] of young.entries()) {
    expect((probabilities[2 * k] ?? 0) + (probabilities[2 * k + 1] ?? 0)).toBeCloseTo(1, 6)
    expect(Math.abs((probabilities[2 * k + 1] ?? 0) - blurred(k))).toBeLessThan(0.04)
    expect(Math.abs((probabilities[2 * k + 1] ?? 0) - truth)).toBeLessThan(0.15)
  }
  // The personas together are the population: Σ_k size_k P(young | k) is the share of the young.
  const { train } = prepared.split
  const share = train.filter(({ attributes }) => attributes?.['age'] === 'young').length / train.length
  const mixed = report.personaSizes.reduce((sum, size, k) => sum + size * (probabilities[2 * k + 1] ?? 0), 0)
  expect(mixed).toBeCloseTo(share, 2)
})
